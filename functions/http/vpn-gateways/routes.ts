import * as z from 'zod';
import { VpnGatewayId } from '../../domain/model/ids.ts';
import { CreateVpnGateway } from '../../domain/model/vpn-gateway.ts';
import { ListQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { VpnGatewayView } from './views.ts';

const gatewayId = z.object({ id: VpnGatewayId });
const gateways = { handler: 'api-vpn-gateways', who: 'owner' } as const;

export const vpnGatewayRoutes = [
	{
		id: 'createVpnGateway',
		method: 'POST',
		shownBy: 'getVpnGateway',
		path: '/v1/vpn-gateways',
		...gateways,
		summary: 'Creates the VPN gateway of a VPC',
		status: 201,
		touches: { tables: { vpnGateways: ['PutItem'], vpcs: ['GetItem', 'PutItem'], accounts: ['GetItem', 'ConditionCheckItem'] } },
		body: CreateVpnGateway,
		reply: VpnGatewayView,
	},
	{
		id: 'listVpnGateways',
		method: 'GET',
		path: '/v1/vpn-gateways',
		...gateways,
		summary: 'Lists the VPN gateways of an account',
		status: 200,
		touches: { cursors: true, indexes: { vpnGateways: ['byAccount'] } },
		query: ListQuery,
		reply: page(VpnGatewayView),
	},
	{
		id: 'getVpnGateway',
		method: 'GET',
		path: '/v1/vpn-gateways/{id}',
		...gateways,
		summary: 'Shows a VPN gateway',
		status: 200,
		touches: { tables: { vpnGateways: ['GetItem'] } },
		params: gatewayId,
		reply: VpnGatewayView,
	},
	{
		id: 'deleteVpnGateway',
		method: 'DELETE',
		path: '/v1/vpn-gateways/{id}',
		...gateways,
		summary: 'Deletes a VPN gateway that has no connections',
		status: 204,
		touches: {
			tables: { vpnGateways: ['GetItem', 'DeleteItem'], vpcs: ['GetItem', 'PutItem'], connections: ['BatchGetItem'] },
		},
		params: gatewayId,
	},
] as const satisfies readonly Route[];
