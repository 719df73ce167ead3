import type { UsageTotal } from '../../ports.ts';
import { readAvailability } from '../../usecases/connections/read-availability.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { usageOfAccount, usageOfAll } from '../../usecases/shared/usage-of-account.ts';
import { usageWindow } from '../../usecases/shared/usage-window.ts';
import type { Operations } from '../chain/operation.ts';
import type { usageRoutes } from './routes.ts';

const summed = (rows: readonly Pick<UsageTotal, 'bytesIn' | 'bytesOut'>[]) => ({
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
		const totals = everyone
			? await usageOfAll(ports, window)
			: await usageOfAccount(ports, caller, { window, named: query.accountId });
		const items = totals.map(({ accountId, connectionId, bytesIn, bytesOut }) => ({
			accountId,
			connectionId,
			bytesIn,
			bytesOut,
		}));
		return { body: { ...window, ...summed(items), items } };
	},
	getAvailability: async (ports, { caller, params, query }) => ({
		body: await readAvailability(ports, { caller, id: params.id, month: query.month }),
	}),
};
