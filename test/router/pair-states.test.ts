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

	describe('of a connection, a SPI of which another’s peer has chosen for what goes to it,', () => {
		const sa = (from: string, to: string, spi: string, bytes: number) =>
			`src ${from} dst ${to}\n\tproto esp spi 0x${spi}(1) reqid 1(0x1) mode tunnel\n\tlifetime current:\n\t  ${bytes}(bytes), 3(packets)`;
		const ours = [sa('192.0.2.1', '192.0.2.2', '0000aaa1', 500), sa('192.0.2.2', '192.0.2.1', 'bbb1', 400)];
		const theirs = (spi: string) => [sa('192.0.2.1', '192.0.2.3', spi, 0), sa('192.0.2.3', '192.0.2.1', 'bbb2', 7)];
		/** Whether the pair is up, and its bytes out and in. */
		const truth = (chosen: string, kernel: readonly string[]) => {
			const ends = [
				{ peer: '192.0.2.2', out: 'aaa1', in: 'bbb1' },
				{ peer: '192.0.2.3', out: chosen, in: 'bbb2' },
			];
			router.write('two', [
				's2s-bundle/1',
				'vpc 10.1.0.0/24',
				...ends.flatMap(({ peer }, n) => [`connection ${idOf(n)} peer=${peer} mss=1360 suite=`, `pair 1 10.2.${n}.0/24`]),
				'end',
			]);
			router.write('said', [
				'using kernel interface: netkey',
				...ends.flatMap(({ peer, ...spi }, n) => [
					`"${idOf(n)}-1": 10.1.0.0/24===192.0.2.1...${peer}===10.2.${n}.0/24; erouted; eroute owner: #${n + 1}`,
					`#${n + 1}: "${idOf(n)}-1" esp.${spi.out}@${peer} esp.${spi.in}@192.0.2.1 tun.0@${peer} tun.0@192.0.2.1`,
				]),
			]);
			router.write('kernel', [
				...kernel,
				...ends.flatMap(({ peer }, n) => [
					`src 10.1.0.0/24 dst 10.2.${n}.0/24`,
					'\tdir out priority 1',
					`\ttmpl src 192.0.2.1 dst ${peer}`,
				]),
			]);
			const { lines, stderr } = router.run(
				'ip() { case "$*" in *state*) cat "$S2S_ROOT/kernel" ;; esac; }; cd "$S2S_ROOT"; pair_states two said | columns_awk \'{ print $UP, $BYTES_OUT, $BYTES_IN }\'',
			);
			expect(stderr).toBe('');
			return lines;
		};

		it.each(['bbb1', 'aaa1'])('is as it was: %s', (chosen) => {
			for (const kernel of [
				[...ours, ...theirs(chosen)],
				[...theirs(chosen), ...ours],
			])
				expect(truth(chosen, kernel)).toEqual(['1 500 400', '1 0 7']);
		});
	});

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
