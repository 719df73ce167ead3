import * as z from 'zod';
import { ConnectionId } from '../../domain/model/ids.ts';
import { PageQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { ApplyView, EventView } from './views.ts';

const connectionId = z.object({ id: ConnectionId });
const connections = { handler: 'api-connections', who: 'owner' } as const;

export const eventRoutes = [
	{
		id: 'listEvents',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/events',
		...connections,
		summary: 'Lists what happened to a connection, newest first',
		status: 200,
		touches: { cursors: true, tables: { connections: ['GetItem'], events: ['Query'] } },
		params: connectionId,
		query: PageQuery,
		reply: page(EventView),
	},
	{
		id: 'listApplies',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/applies',
		...connections,
		summary: 'Lists what was done on the router for a connection, step by step, newest first',
		status: 200,
		touches: { cursors: true, tables: { connections: ['GetItem'], events: ['Query'] } },
		params: connectionId,
		query: PageQuery,
		reply: page(ApplyView),
	},
] as const satisfies readonly Route[];
