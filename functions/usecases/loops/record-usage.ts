import type { RouterReport } from '../../domain/model/report.ts';
import { usageAfter } from '../../domain/model/usage.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { type Ports, StaleRead } from '../../ports.ts';

const daysKept = 400;

/** Writes the counters of connections that carried anything since they were last written, at most every 15 minutes. */
export const recordUsage = async (
	{ store, clock, settings }: Ports,
	connections: readonly VpnConnection[],
	report: RouterReport,
): Promise<void> => {
	const now = clock();
	for (const current of connections) {
		const line = report.connections.find(({ connectionId }) => connectionId === current.id);
		if (line === undefined) continue;
		const { bytesIn, bytesOut } = line;
		const reading = current.probe && line.probe;
		const due = usageAfter(current.counters, { bytesIn, bytesOut, reading, now, intervalSeconds: settings.checkIntervalSeconds });
		if (due === undefined) continue;
		const expiresAt = Math.floor(now.getTime() / 1_000) + daysKept * 86_400;
		const usage = due.hours.map((hour) => ({ ...hour, connectionId: current.id, accountId: current.accountId, expiresAt }));
		try {
			await store.transact([
				{ put: 'connections', next: { ...current, counters: due.counters }, current },
				...usage.map((add) => ({ add })),
			]);
		} catch (error) {
			// The row has changed meanwhile, and the next check has the same bytes and more.
			if (!(error instanceof StaleRead)) throw error;
		}
	}
};
