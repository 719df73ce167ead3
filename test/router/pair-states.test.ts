import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awks } from '../support/awks.ts';
import { claims, phases, suites } from '../support/daemon-statuses.ts';
import { routerShell } from '../support/router-shell.ts';

const idOf = (n: number) => `vpnc-${String(n).padStart(17, '0')}`;

describe.each(awks)('the state of a pair with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
		router.command('ip', ':');
	});
	afterAll(() => router.remove());

	/** A column of the state of many connections, each with a pair and a line of the daemon's status. */
	const column = (name: string, rows: readonly { line: string; suite?: string }[]) => {
		const connections = rows.map(
			({ suite = '' }, n) => `connection ${idOf(n)} peer=192.0.2.2 mss=1360 suite=${suite}\npair 1 10.2.0.0/24`,
		);
		router.write('bundle', ['s2s-bundle/1', 'vpc 10.1.0.0/24', ...connections, 'end']);
		router.write(
			'status',
			rows.map(({ line }, n) => line.replaceAll('NAME', `${idOf(n)}-1`)),
		);
		const { lines, stderr } = router.run(`cd "$S2S_ROOT"; pair_states bundle status | columns_awk '{ print $ID, $${name} }'`);
		expect(stderr).toBe('');
		return rows.map((_, n) => lines.find((one) => one.startsWith(idOf(n)))?.split(' ')[1]);
	};

	it('has a suite other than the one asked for where what a build writes is another, however it writes it', () => {
		const rows = suites.map(([, line, suite]) => ({ line: `"NAME":   ${line}`, suite }));

		expect(
			column('OTHER_SUITE', rows).map((other, n) => [...(suites[n] ?? []).slice(0, 3), other === '1' ? 'differs' : 'same']),
		).toEqual(suites);
	});

	it('has phase 1 up where both ends have proven who they are, and not before', () => {
		const up = column(
			'PHASE1',
			phases.map(([, line]) => ({ line })),
		);

		expect(up.map((one, n) => [...(phases[n] ?? []).slice(0, 2), one === '1'])).toEqual(phases);
	});

	it('is claimed to be up where an SA owns it and it is routed', () => {
		const claimed = column(
			'CLAIMED',
			claims.map(([, line]) => ({ line })),
		);

		expect(claimed.map((one, n) => [...(claims[n] ?? []).slice(0, 2), one === '1'])).toEqual(claims);
	});
});
