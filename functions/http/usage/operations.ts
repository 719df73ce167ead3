import type { UsageRow } from '../../ports.ts';
import { readAvailability } from '../../usecases/connections/read-availability.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { usageOfAccount } from '../../usecases/shared/usage-of-account.ts';
import { usageWindow } from '../../usecases/shared/usage-window.ts';
import type { Operations } from '../chain/operation.ts';
import type { usageRoutes } from './routes.ts';

const summed = (rows: readonly UsageRow[]) => ({
	bytesIn: rows.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
	bytesOut: rows.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
});

export const usageOperations: Operations<typeof usageRoutes> = {
	getConnectionUsage: async (ports, { caller, params, query }) => {
		await loadVisible(ports.store, caller, { table: 'connections', id: params.id });
		const window = usageWindow(query, ports.clock());
		const rows = await ports.usage.ofConnection(params.id, window);
		const items = rows.map(({ hour, bytesIn, bytesOut }) => ({ hour, bytesIn, bytesOut }));
		return { body: { ...window, ...summed(rows), items } };
	},
	getUsage: async (ports, { caller, query }) => {
		const window = usageWindow(query, ports.clock());
		// An admin who names no account asks for all.
		const everyone = caller.admin && query.accountId === undefined;
		const rows = everyone
			? await ports.usage.ofAll(window)
			: await usageOfAccount(ports, caller, { window, named: query.accountId });
		const items = [...Map.groupBy(rows, ({ connectionId }) => connectionId)].map(([connectionId, of]) => ({
			accountId: of[0]?.accountId,
			connectionId,
			...summed(of),
		}));
		return { body: { ...window, ...summed(rows), items } };
	},
	getAvailability: async (ports, { caller, params, query }) => ({
		body: await readAvailability(ports, { caller, id: params.id, month: query.month }),
	}),
};
