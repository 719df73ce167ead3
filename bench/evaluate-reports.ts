import type { Vpc } from '../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../functions/domain/model/vpn-connection.ts';
import { observe } from '../functions/domain/monitoring/observe.ts';
import { unlikeLastCheck } from '../functions/domain/monitoring/unlike-last-check.ts';
import { parseReport } from '../functions/domain/router/parse-report.ts';
import { timed } from './clock.ts';
import { aRouter } from './simulated-fleet.ts';

const perRouter = 20;
const rounds = 5;

/** One check's work on what a fleet reported, without a change: reading the text and holding it against the rows. */
const evaluate = (fleet: readonly { vpc: Vpc; connections: VpnConnection[]; report: string }[], now: Date): number => {
	let changes = 0;
	for (const { vpc, connections, report: text } of fleet) {
		const report = parseReport(text);
		if ('unreadable' in report) throw new Error(report.unreadable);
		changes += observe({
			vpc,
			connections: unlikeLastCheck(connections, { report }),
			customerGateways: [],
			answer: { report },
			now,
			intervalSeconds: 30,
		}).connections.length;
	}
	return changes;
};

/** Rows of the table: connections, microseconds a connection. */
export const evaluateReports = async (): Promise<string[][]> => {
	const rows: string[][] = [];
	for (const connections of [1, 20, 100, 1_000, 10_000, 100_000]) {
		const routers = Math.max(1, connections / perRouter);
		const each = Math.min(connections, perRouter);
		const fleet = Array.from({ length: routers }, (_, n) => aRouter(n, each));
		const now = new Date('2026-01-02T04:00:00.000Z');
		// The first runs are the interpreter's.
		for (let warm = 0; warm < Math.ceil(20_000 / connections) && warm < 2_000; warm++) evaluate(fleet, now);
		const times: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const { ms, result } = await timed(() => evaluate(fleet, now));
			if (result !== 0) throw new Error('a quiet check found a change');
			times.push(ms);
		}
		const best = Math.min(...times);
		rows.push([
			connections.toLocaleString('en'),
			routers.toLocaleString('en'),
			((best * 1_000) / connections).toFixed(2),
			best.toFixed(2),
		]);
	}
	return rows;
};
