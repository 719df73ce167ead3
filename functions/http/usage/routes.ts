import * as z from 'zod';
import { GivenInstant } from '../../domain/model/entity.ts';
import { AccountId, ConnectionId } from '../../domain/model/ids.ts';
import { Availability } from '../../domain/monitoring/availability.ts';
import type { Route } from '../chain/route.ts';
import { ConnectionUsageView, UsageView } from './views.ts';

const UsageQuery = z.strictObject({ from: GivenInstant.optional(), to: GivenInstant.optional() });
const MonthQuery = z.strictObject({
	month: z
		.string()
		.regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
		.optional(),
});
const connectionId = z.object({ id: ConnectionId });
const usage = { handler: 'api-usage', who: 'owner' } as const;

export const usageRoutes = [
	{
		id: 'getConnectionUsage',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/usage',
		...usage,
		summary: 'Shows the bytes that a connection carried, by hour; updated every 15 minutes',
		status: 200,
		touches: { tables: { connections: ['GetItem'], usage: ['Query'] } },
		params: connectionId,
		query: UsageQuery,
		reply: ConnectionUsageView,
	},
	{
		id: 'getUsage',
		method: 'GET',
		path: '/v1/usage',
		...usage,
		summary: 'Shows the bytes that each connection carried, deleted ones included; of all accounts if an admin names none',
		status: 200,
		touches: { tables: { usage: ['Scan'], control: ['UpdateItem'] }, indexes: { usage: ['byAccount'] } },
		query: UsageQuery.extend({ accountId: AccountId.optional() }),
		reply: UsageView,
	},
	{
		id: 'getAvailability',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/availability',
		...usage,
		summary: 'Shows the uptime and outages of a connection in a month',
		status: 200,
		touches: { tables: { connections: ['GetItem'], events: ['Query'], control: ['UpdateItem'] } },
		params: connectionId,
		query: MonthQuery,
		reply: Availability,
	},
] as const satisfies readonly Route[];
