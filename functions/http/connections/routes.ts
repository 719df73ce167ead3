import * as z from 'zod';
import { GivenInstant } from '../../domain/model/entity.ts';
import { AccountId, ConnectionId, VpcId } from '../../domain/model/ids.ts';
import { ConnectionState, CreateVpnConnection, PatchVpnConnection } from '../../domain/model/vpn-connection.ts';
import { ForceQuery } from '../chain/force-query.ts';
import { page, pages } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { routeReads } from '../chain/touches.ts';
import { ConnectionView } from './views.ts';

const ListConnectionsQuery = z.strictObject({
	accountId: AccountId.optional(),
	state: ConnectionState.optional(),
	vpcId: VpcId.optional(),
	...pages,
});
const Mute = z.strictObject({ until: GivenInstant });
const connectionId = z.object({ id: ConnectionId });
const connections = { handler: 'api-connections', who: 'owner' } as const;

export const connectionRoutes = [
	{
		id: 'createVpnConnection',
		method: 'POST',
		shownBy: 'getVpnConnection',
		path: '/v1/vpn-connections',
		...connections,
		summary: 'Connects a VPN gateway to a customer gateway',
		status: 202,
		touches: {
			tables: {
				connections: ['GetItem', 'PutItem'],
				vpcs: ['GetItem', 'BatchGetItem', 'PutItem'],
				customerGateways: ['GetItem', 'BatchGetItem', 'PutItem'],
				vpnGateways: ['GetItem', 'ConditionCheckItem'],
				accounts: ['GetItem', 'ConditionCheckItem'],
				events: ['PutItem'],
			},
			queues: ['reconcile'],
			routes: routeReads,
		},
		body: CreateVpnConnection,
		reply: ConnectionView,
	},
	{
		id: 'listVpnConnections',
		method: 'GET',
		path: '/v1/vpn-connections',
		...connections,
		summary: 'Lists the connections of an account',
		status: 200,
		touches: {
			cursors: true,
			tables: { vpcs: ['BatchGetItem'], customerGateways: ['BatchGetItem'] },
			indexes: { connections: ['byAccount'] },
		},
		query: ListConnectionsQuery,
		reply: page(ConnectionView),
	},
	{
		id: 'getVpnConnection',
		method: 'GET',
		path: '/v1/vpn-connections/{id}',
		...connections,
		summary: 'Shows a connection and its tunnels',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['BatchGetItem'], customerGateways: ['BatchGetItem'] } },
		params: connectionId,
		reply: ConnectionView,
	},
	{
		id: 'patchVpnConnection',
		method: 'PATCH',
		path: '/v1/vpn-connections/{id}',
		...connections,
		summary: 'Sets, changes or clears the probe of a connection; no tunnel is touched',
		status: 200,
		mayPend: true,
		touches: {
			tables: {
				connections: ['GetItem', 'PutItem'],
				vpcs: ['GetItem', 'BatchGetItem', 'PutItem'],
				customerGateways: ['BatchGetItem'],
				accounts: ['GetItem', 'ConditionCheckItem'],
				events: ['PutItem'],
			},
			queues: ['reconcile'],
		},
		params: connectionId,
		body: PatchVpnConnection,
		reply: ConnectionView,
	},
	{
		id: 'deleteVpnConnection',
		method: 'DELETE',
		path: '/v1/vpn-connections/{id}',
		...connections,
		summary: 'Takes a connection down and deletes it; only an admin may force this',
		status: 202,
		touches: {
			tables: {
				connections: ['GetItem', 'PutItem', 'DeleteItem'],
				vpcs: ['GetItem', 'BatchGetItem', 'PutItem'],
				customerGateways: ['GetItem', 'BatchGetItem', 'PutItem'],
				events: ['PutItem'],
			},
			queues: ['reconcile'],
		},
		params: connectionId,
		query: ForceQuery,
		reply: ConnectionView,
	},
	{
		id: 'resetVpnConnection',
		method: 'POST',
		shownBy: 'getVpnConnection',
		path: '/v1/vpn-connections/{id}/reset',
		...connections,
		summary: 'Takes a connection down and brings it up again',
		status: 202,
		touches: {
			tables: {
				connections: ['GetItem', 'PutItem'],
				vpcs: ['GetItem', 'BatchGetItem', 'PutItem'],
				customerGateways: ['BatchGetItem'],
				accounts: ['GetItem', 'ConditionCheckItem'],
				events: ['PutItem'],
			},
			queues: ['reconcile'],
		},
		params: connectionId,
		reply: ConnectionView,
	},
] as const satisfies readonly Route[];

export const muteRoutes = [
	{
		id: 'muteVpnConnection',
		method: 'PUT',
		path: '/v1/vpn-connections/{id}/mute',
		...connections,
		summary: 'Mutes the alerts of a connection until a given time, then sends those that still apply',
		status: 200,
		touches: {
			tables: {
				connections: ['GetItem', 'PutItem'],
				vpcs: ['BatchGetItem'],
				customerGateways: ['BatchGetItem'],
				events: ['PutItem'],
			},
		},
		params: connectionId,
		body: Mute,
		reply: ConnectionView,
	},
	{
		id: 'unmuteVpnConnection',
		method: 'DELETE',
		path: '/v1/vpn-connections/{id}/mute',
		...connections,
		summary: 'Unmutes the alerts of a connection',
		status: 204,
		touches: { tables: { connections: ['GetItem', 'PutItem'], events: ['PutItem'] } },
		params: connectionId,
	},
] as const satisfies readonly Route[];
