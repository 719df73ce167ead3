import * as z from 'zod';
import { Diagnosis } from '../../domain/diagnosis/diagnose.ts';
import { LogLine } from '../../domain/diagnosis/log-lines.ts';
import { GivenInstant } from '../../domain/model/entity.ts';
import { ConnectionId } from '../../domain/model/ids.ts';
import type { Route } from '../chain/route.ts';

const LogsQuery = z.strictObject({
	since: GivenInstant.optional(),
	limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const connectionId = z.object({ id: ConnectionId });

export const logRoutes = [
	{
		id: 'getLogs',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/logs',
		handler: 'api-logs',
		who: 'owner',
		summary: 'Shows the router’s log lines for a connection, oldest first; queries the router, 504 if it does not answer',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['GetItem'], control: ['UpdateItem'] }, documents: ['logs'] },
		params: connectionId,
		query: LogsQuery,
		reply: z.object({ items: z.array(LogLine) }),
	},
	{
		id: 'getDiagnosis',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/diagnosis',
		handler: 'api-logs',
		who: 'owner',
		summary: 'Explains why a connection is not up: evidence, confidence, and what to do on which side; queries the router',
		status: 200,
		touches: {
			tables: { connections: ['GetItem'], vpcs: ['GetItem'], customerGateways: ['GetItem'], control: ['UpdateItem'] },
			documents: ['check', 'logs'],
		},
		params: connectionId,
		query: z.strictObject({ probe: z.enum(['true', 'false']).default('false') }),
		reply: Diagnosis,
	},
] as const satisfies readonly Route[];
