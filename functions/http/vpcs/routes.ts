import * as z from 'zod';
import { NetworkId, VpcId } from '../../domain/model/ids.ts';
import { CreateVpc, PatchVpc, PutNetwork } from '../../domain/model/vpc.ts';
import { ForceQuery } from '../chain/force-query.ts';
import { ListQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { routeReads } from '../chain/touches.ts';
import { VpcView } from './views.ts';

const vpcId = z.object({ id: VpcId });
const networkId = z.object({ id: VpcId, networkId: NetworkId });
const vpcs = { handler: 'api-vpcs' } as const;

export const vpcRoutes = [
	{
		id: 'createVpc',
		method: 'POST',
		shownBy: 'getVpc',
		path: '/v1/vpcs',
		...vpcs,
		who: 'admin',
		summary: 'Registers a VPC and its router',
		status: 201,
		touches: { tables: { vpcs: ['GetItem', 'PutItem', 'UpdateItem'] } },
		body: CreateVpc,
		reply: VpcView,
	},
	{
		id: 'listVpcs',
		method: 'GET',
		path: '/v1/vpcs',
		...vpcs,
		who: 'owner',
		summary: 'Lists the VPCs of an account',
		status: 200,
		touches: { cursors: true, indexes: { vpcs: ['byAccount'] } },
		query: ListQuery,
		reply: page(VpcView),
	},
	{
		id: 'getVpc',
		method: 'GET',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'owner',
		summary: 'Shows a VPC',
		status: 200,
		touches: { tables: { vpcs: ['GetItem'] } },
		params: vpcId,
		reply: VpcView,
	},
	{
		id: 'patchVpc',
		method: 'PATCH',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'admin',
		summary: 'Changes a VPC; 202 if its router has to be updated',
		status: 200,
		mayPend: true,
		touches: {
			tables: {
				vpcs: ['GetItem', 'PutItem', 'DeleteItem'],
				vpnGateways: ['GetItem'],
				connections: ['BatchGetItem', 'PutItem'],
				events: ['PutItem'],
			},
			queues: ['reconcile'],
			routes: routeReads,
		},
		params: vpcId,
		body: PatchVpc,
		reply: VpcView,
	},
	{
		id: 'deleteVpc',
		method: 'DELETE',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'admin',
		summary: 'Unregisters a VPC that has no VPN gateway',
		status: 204,
		touches: { tables: { vpcs: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] } },
		params: vpcId,
		query: ForceQuery,
	},
	{
		id: 'reapplyVpc',
		method: 'POST',
		shownBy: 'getVpc',
		path: '/v1/vpcs/{id}/reapply',
		...vpcs,
		who: 'admin',
		summary:
			'Applies the whole configuration of the router again; what is already right is not touched. With force, overrides what the router has stored',
		status: 202,
		touches: { tables: { vpcs: ['GetItem', 'PutItem'], events: ['PutItem'] }, queues: ['reconcile'] },
		params: vpcId,
		query: ForceQuery,
		reply: VpcView,
	},
	{
		id: 'putNetwork',
		method: 'PUT',
		path: '/v1/vpcs/{id}/networks/{networkId}',
		...vpcs,
		who: 'admin',
		summary: 'Creates or changes a network of a VPC',
		status: 200,
		touches: { tables: { vpcs: ['GetItem', 'PutItem'], events: ['PutItem'] } },
		params: networkId,
		body: PutNetwork,
		reply: VpcView,
	},
	{
		id: 'deleteNetwork',
		method: 'DELETE',
		path: '/v1/vpcs/{id}/networks/{networkId}',
		...vpcs,
		who: 'admin',
		summary: 'Deletes a network of a VPC',
		status: 204,
		touches: { tables: { vpcs: ['GetItem', 'PutItem'], events: ['PutItem'] } },
		params: networkId,
	},
] as const satisfies readonly Route[];
