import { diagnoseConnection } from '../../usecases/connections/diagnose-connection.ts';
import { readLogs } from '../../usecases/connections/read-logs.ts';
import type { Operations } from '../chain/operation.ts';
import type { logRoutes } from './routes.ts';

export const logOperations: Operations<typeof logRoutes> = {
	getLogs: async (ports, { caller, params, query }) => ({
		body: { items: await readLogs(ports, { caller, id: params.id, limit: query.limit, since: query.since }) },
	}),
	getDiagnosis: async (ports, { caller, params, query }) => ({
		body: await diagnoseConnection(ports, { caller, id: params.id, probe: query.probe === 'true' }),
	}),
};
