import * as z from 'zod';
import { Diagnosis } from '../../domain/diagnosis/diagnose.ts';
import { LogLine } from '../../domain/diagnosis/log-lines.ts';
import { Instant } from '../../domain/model/entity.ts';
import { ConnectionId } from '../../domain/model/ids.ts';
import type { Route } from '../chain/route.ts';

const LogsQuery = z.strictObject({
	since: Instant.optional(),
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
		summary: 'The lines of the router’s logs on a connection, oldest first; asks the router, and answers 504 where it does not',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['GetItem'] }, documents: ['logs'] },
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
		summary: 'Why a connection is not up, with the evidence, how sure it is, and what to do on which side; asks the router',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['GetItem'] }, documents: ['check', 'logs'] },
		params: connectionId,
		query: z.strictObject({ probe: z.enum(['true', 'false']).default('false') }),
		reply: Diagnosis,
	},
] as const satisfies readonly Route[];
