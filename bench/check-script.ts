import { startLab } from '../local/lab/lab.ts';
import { routerUnderTest, type Tunnel } from '../test/e2e/router-under-test.ts';
import { percentile, timed } from './clock.ts';

/** Far more than the forty connections of a gateway: such an apply takes longer than Systems Manager would wait; only the check is measured. */
const applyTimeoutMs = 1_800_000;
const looks = 20;

/** Never initiated: what is measured is the check, not the attempts of the daemon. */
const waiting = (n: number): Tunnel => ({
	n: 1_000 + n,
	peer: `198.18.${Math.floor(n / 250)}.${(n % 250) + 1}`,
	remoteCidrs: [`10.${100 + Math.floor(n / 250)}.${n % 250}.0/24`],
	psk: 'nobody ever asks for it',
	passive: true,
});

/** Rows of the table: loaded connections, seconds of a check (p50 and p95), as the lab's emulated router takes them. */
export const checkScript = async (): Promise<string[][]> => {
	const lab = await startLab();
	try {
		const router = routerUnderTest(lab, undefined, { timeoutMs: applyTimeoutMs });
		const rows: string[][] = [];
		for (const wanted of [1, 100, 500]) {
			await router.apply(
				wanted,
				Array.from({ length: wanted }, (_, n) => waiting(n)),
			);
			const times: number[] = [];
			for (let look = 0; look < looks; look++) {
				const { ms, result } = await timed(() => router.check());
				if (result.connections.length !== wanted) throw new Error(`${result.connections.length} connections, not ${wanted}`);
				times.push(ms / 1_000);
			}
			rows.push([String(wanted), percentile(times, 50).toFixed(2), percentile(times, 95).toFixed(2)]);
			console.log(`check script: ${rows.at(-1)?.join('  ')}`);
		}
		return rows;
	} finally {
		await lab.stop();
	}
};
