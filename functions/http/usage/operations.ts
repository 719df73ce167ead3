import type { UsagePages, UsageRow } from '../../ports.ts';
import { readAvailability } from '../../usecases/connections/read-availability.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { usageOfAccount } from '../../usecases/shared/usage-of-account.ts';
import { usageWindow } from '../../usecases/shared/usage-window.ts';
import type { Operations } from '../chain/operation.ts';
import type { usageRoutes } from './routes.ts';

type Bytes = Pick<UsageRow, 'bytesIn' | 'bytesOut'>;
const summed = (rows: readonly Bytes[]) => ({
	bytesIn: rows.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
	bytesOut: rows.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
});

const byConnection = async (pages: UsagePages) => {
	const sums = new Map<string, Omit<UsageRow, 'hour'>>();
	for await (const rows of pages) {
		for (const { accountId, connectionId, ...bytes } of rows) {
			const sum = sums.get(connectionId);
			sums.set(connectionId, { accountId, connectionId, ...summed(sum === undefined ? [bytes] : [sum, bytes]) });
		}
	}
	return [...sums.values()];
};

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
		const pages = everyone ? ports.usage.ofAll(window) : await usageOfAccount(ports, caller, { window, named: query.accountId });
		const items = await byConnection(pages);
		return { body: { ...window, ...summed(items), items } };
	},
	getAvailability: async (ports, { caller, params, query }) => ({
		body: await readAvailability(ports, { caller, id: params.id, month: query.month }),
	}),
};
