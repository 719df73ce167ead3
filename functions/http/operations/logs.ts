import { readLogs } from '../../usecases/read-logs.ts';
import type { Operations } from '../operation.ts';

export const logOperations: Operations<'getLogs'> = {
	getLogs: async (ports, { caller, params, query }) => ({
		body: { items: await readLogs(ports, { caller, id: params.id, limit: query.limit, since: query.since }) },
	}),
};
