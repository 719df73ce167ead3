import type { Lab } from '../local/lab/lab.ts';
import { startLab } from '../local/lab/lab.ts';
import { routerDocument } from '../router/build.ts';
import { configurePeer, connectionOf, routerUnderTest, type Tunnel, toPeer } from '../test/e2e/router-under-test.ts';
import { idOf } from '../test/support/builders.ts';
import { percentile, timed } from './clock.ts';

/** An apply of 300 connections takes longer than Systems Manager would wait; only the check is measured of it. */
const timeoutMs = 1_800_000;

/** Never initiated: what is measured is the work of the scripts, not the attempts of the daemon. */
const waiting = (n: number, revision = 1): Tunnel => ({
	n: 1_000 + n,
	peer: `198.18.${Math.floor(n / 250)}.${(n % 250) + 1}`,
	remoteCidrs: [`10.${100 + Math.floor(n / 250)}.${n % 250}.0/24`],
	psk: 'nobody ever asks for it',
	passive: true,
	revision,
});
const several = (count: number, revision?: number): Tunnel[] => Array.from({ length: count }, (_, n) => waiting(n, revision));
const connOf = ({ n }: Pick<Tunnel, 'n'>): string => `${idOf('vpnc', n)}-1`;

/**
 * Milliseconds that each of some commands takes on the router, without the way there: the medians of runs in turn, since the router's own timer
 * keeps it busy for a part of the time.
 */
const onRouter = async <Name extends string>(
	lab: Lab,
	commands: Record<Name, string>,
	times: number,
): Promise<Record<Name, number>> => {
	const names = Object.keys(commands) as Name[];
	const timedRun = (name: Name) =>
		`begun=$(date +%s%N); { ${commands[name]}\n} >/dev/null 2>&1 </dev/null; echo ${name} $(($(date +%s%N) - begun))`;
	const program = `n=0; while [ $n -lt ${times} ]; do\n${names.map(timedRun).join('\n')}\nn=$((n + 1)); done`;
	const { code, stdout, stderr } = await lab.exec('router', ['sh', '-s'], { stdin: program, timeoutMs });
	if (code !== 0) throw new Error(`the router could not be measured: ${stderr}`);
	const lines = stdout.split('\n').map((line) => line.split(' '));
	const medianOf = (name: Name) =>
		percentile(
			lines.filter(([of]) => of === name).map(([, nanoseconds]) => Number(nanoseconds) / 1e6),
			50,
		);
	return Object.fromEntries(names.map((name) => [name, medianOf(name)])) as Record<Name, number>;
};

/** The same of something that is asked of the router from here, less the way there and back. */
const throughLab = async (lab: Lab, runs: readonly (() => Promise<unknown>)[]): Promise<number> => {
	const median = async (each: readonly (() => Promise<unknown>)[]) => {
		const times: number[] = [];
		for (const run of each) times.push((await timed(run)).ms);
		return percentile(times, 50);
	};
	return (await median(runs)) - (await median(runs.map(() => () => lab.sh('router', 'true'))));
};

/** As CloudStack's scripts look at each of its connections. */
const asCloudStack = (tunnels: readonly Tunnel[]): string =>
	tunnels
		.map(
			(tunnel) =>
				`ipsec auto --status >said; grep 'ISAKMP SA' said | grep ${connOf(tunnel)}; grep 'IPsec SA' said | grep ${connOf(tunnel)}`,
		)
		.join('\n');

/** Rows of the table: what, milliseconds of the daemon's own commands, ours, their ratio, and what it is to be at most. */
export const routerRatios = async (): Promise<string[][]> => {
	const lab = await startLab();
	try {
		const router = routerUnderTest(lab, undefined, { timeoutMs });
		const rows: string[][] = [];
		const add = (what: string, by: number, ours: number, most?: number) => {
			rows.push([what, by.toFixed(0), ours.toFixed(0), (ours / by).toFixed(1), most === undefined ? '' : String(most)]);
			console.log(`router ratios: ${rows.at(-1)?.join('  ')}`);
		};
		const written = await lab.exec('router', ['sh', '-c', 'cat >/run/bench-check.sh'], { stdin: routerDocument('check') });
		if (written.code !== 0) throw new Error(written.stderr);
		const check = 'SSM_Report=s2s/1 sh /run/bench-check.sh';
		let generation = 0;
		const apply = (tunnels: readonly Tunnel[]) => router.apply(++generation, tunnels);

		for (const [count, most] of [
			[1, 8],
			[40, undefined],
			[300, 3],
		] as const) {
			const tunnels = several(count);
			await apply(tunnels);
			const commands = { status: 'ipsec whack --status', check, cloudstack: `cd /run\n${asCloudStack(tunnels.slice(0, 5))}` };
			const taken = await onRouter(lab, commands, 15);
			add(`check of ${count}, one whack --status`, taken.status, taken.check, most);
			const asked = Math.min(count, 5);
			add(`CloudStack's check of ${count}, the same (of ${asked} measured)`, taken.status, (taken.cloudstack * count) / asked);
		}

		await apply([]);
		await apply(several(10));
		const adds = several(10).map((tunnel) => `ipsec auto --add ${connOf(tunnel)}`);
		const { added } = await onRouter(lab, { added: adds.join('\n') }, 3);
		const changes = [2, 3, 4].map((revision) => () => apply(several(10, revision)));
		add('apply of ten changed connections, ten auto --add', added, await throughLab(lab, changes), 3);

		const tunnel = toPeer(1, 'a secret of the benchmark');
		await configurePeer(lab, 'peer', tunnel);
		await apply([tunnel]);
		const conn = connOf(tunnel);
		const { byHand } = await onRouter(lab, { byHand: `ipsec auto --add ${conn}\nipsec auto --up ${conn}` }, 3);
		const ups = [2, 3, 4].map((revision) => async () => {
			const report = await apply([{ ...tunnel, revision }]);
			if (connectionOf(report, tunnel).up !== '1') throw new Error('the tunnel did not come up while it was applied');
		});
		add('apply until a tunnel is up, auto --add and auto --up', byHand, await throughLab(lab, ups), 5);
		return rows;
	} finally {
		await lab.stop();
	}
};
