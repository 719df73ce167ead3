import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../functions/domain/router/parse-report.ts';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const status = [
	'000 using kernel interface: netkey',
	`000 "${id}-1": 10.1.0.0/16===192.0.2.1...192.0.2.2===10.2.0.0/24; erouted; eroute owner: #2`,
	`000 "${id}-1":   newest ISAKMP SA: #1; newest IPsec SA: #2;`,
	`000 #2: "${id}-1" esp.c0ffee02@192.0.2.2 esp.c0ffee01@192.0.2.1 tun.0@192.0.2.2 tun.0@192.0.2.1`,
	`000 "${id}-2": 10.1.0.0/16===192.0.2.1...192.0.2.2===10.3.0.0/24; unrouted; eroute owner: #0`,
];
const bundle = ['s2s-bundle/1', 'vpc 10.1.0.0/16', `connection ${id} peer=192.0.2.2 passive=0 suite=`, 'pair 1 10.2.0.0/24'];
const sa = (spi: string, bytes: number) => [
	`src 192.0.2.1 dst 192.0.2.2`,
	`\tproto esp spi 0x${spi}(1) reqid 1(0x1) mode tunnel`,
	'\tlifetime current:',
	`\t  ${bytes}(bytes), 3(packets)`,
];
const counter = (pair: number, direction: 'in' | 'out', bytes: number) =>
	`[3:${bytes}] -A S2S-${direction.toUpperCase()} -m comment --comment "s2s ${id} ${pair} ${direction}"`;

describe.each(awks)('the report of a router with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
		router.write('var/lib/s2s/bundle', [...bundle, 'pair 2 10.3.0.0/24', 'end']);
		router.write('proc/stat', ['btime 1700000000']);
		router.write('status', status);
		router.write('states', [...sa('c0ffee01', 6e9), ...sa('c0ffee02', 5e9)]);
		router.write('policies', ['src 10.1.0.0/16 dst 10.2.0.0/24', '\tdir out priority 1', '\ttmpl src 192.0.2.1 dst 192.0.2.2']);
		router.write('counters', [counter(1, 'in', 4e9), counter(1, 'out', 3e9), counter(2, 'in', 1), counter(2, 'out', 2)]);
		router.command(
			'ipsec',
			`[ "$1" != --version ] || { echo "Linux Openswan $(cat "$S2S_ROOT/version" 2>/dev/null || echo 2.6.38)"; exit; }\n cat "$S2S_ROOT/status"`,
		);
		router.command('ip', 'case "$*" in *state*) cat "$S2S_ROOT/states" ;; *) cat "$S2S_ROOT/policies" ;; esac');
		router.command('iptables-save', 'echo "*mangle"; cat "$S2S_ROOT/counters"');
		router.command('pidof', 'exit 1');
	});
	afterAll(() => router.remove());

	it('has the bytes of its pairs as whole numbers, however many they are', () => {
		const { stdout, stderr } = router.run('make_folders; print_report 0');

		expect(stderr).toBe('');
		expect(parseReport(stdout)).toMatchObject({
			daemon: true,
			connections: [{ connectionId: id, phase1: true, up: [true, false], bytesIn: 4_000_000_001, bytesOut: 3_000_000_002 }],
		});
	});

	it('has a count that begins again where whole numbers end', () => {
		router.write('counters', [counter(1, 'in', Number.MAX_SAFE_INTEGER), counter(2, 'in', 9)]);

		const { stdout } = router.run('make_folders; print_report 0');

		expect(parseReport(stdout)).toMatchObject({ connections: [{ bytesIn: 8, bytesOut: 0 }] });
	});

	describe('behind the steps of an apply', () => {
		const steps = (lines: readonly string[]) => {
			router.write('steps', lines);
			const { lines: shown, stderr } = router.run('steps=$S2S_ROOT/steps; print_steps');
			expect(stderr).toBe('');
			return shown;
		};
		const failedOnes = Array.from({ length: 40 }, (_, n) => `vpnc-${String(n).padStart(17, '0')}`);
		const said = 'what the daemon has to say of it. '.repeat(14);

		it('has those that there are, where they are few', () => {
			const few = ['log - starting the daemon', `log ${id} failed: ${said}`, `log ${id} ${said}`];

			expect(steps(few)).toEqual(few);
		});

		it('leaves it room where forty connections fail at length, and tells each failure', () => {
			const shown = steps([
				...failedOnes.map((one) => `log ${one} taken down`),
				...failedOnes.flatMap((one) => [
					`log ${one} failed: ${said}`,
					...[1, 2, 3].map(() => `log ${one} ${said.slice(0, 300)}`),
				]),
				'log - holds revision 1-0123456789abcdef',
			]);

			expect(shown.join('\n').length).toBeLessThan(15_000);
			expect(shown).toHaveLength(201);
			for (const one of failedOnes)
				expect(shown.find((line) => line.startsWith(`log ${one} failed: `))?.length).toBeGreaterThan(100);
			expect(shown.at(-1)).toBe('log - holds revision 1-0123456789abcdef');
		});

		it('leaves it room whatever their number is', () => {
			const shown = steps(Array.from({ length: 3_000 }, (_, n) => `log ${id} ${n} ${said}`));

			expect(shown.join('\n').length).toBeLessThan(15_000);
			expect(shown.length).toBeGreaterThan(200);
		});
	});

	it('tells nothing of a status that was cut short', () => {
		const { stdout } = router.run(
			'make_folders; print_status() { head -n 3 "$S2S_ROOT/status"; return 124; }; daemon_pids() { echo 1; }; clock=1000; now() { echo "$clock"; }; sleep() { clock=$((clock + 1)); }; print_report 0',
		);

		expect(parseReport(stdout)).toEqual({ unreadable: expect.any(String) });
	});

	it('counts on from the disk, and has the packet rules as missing, where the tables could not be read to their end', () => {
		router.write('counters', [counter(1, 'in', 1)]);
		router.write('var/lib/s2s/counts', [`${id} 1 in 3 4000`, `${id} 1 out 3 3000`]);
		router.write('var/lib/s2s/revision', ['7-0123456789abcdef']);
		router.run('make_folders; read_tables "$run/tables"; rules_in "$run/tables" >"$state/rules"');
		const told = () => parseReport(router.run('make_folders; print_report 0').stdout);

		expect(told()).toMatchObject({ packetRules: 'ok', connections: [{ bytesIn: 1, bytesOut: 0 }] });
		router.command('iptables-save', 'echo "*mangle"; cat "$S2S_ROOT/counters"; exit 1');
		expect(told()).toMatchObject({ packetRules: 'missing', connections: [{ bytesIn: 4_000, bytesOut: 3_000 }] });
		router.command('iptables-save', 'echo "*mangle"; cat "$S2S_ROOT/counters"');
		router.write('counters', [counter(1, 'in', 1), counter(1, 'out', 1)]);
		expect(told()).toMatchObject({ packetRules: 'missing', connections: [{ bytesIn: 1, bytesOut: 1 }] });
		router.write('counters', [counter(1, 'out', 1)]);
		expect(told()).toMatchObject({ packetRules: 'missing' });
		router.write('counters', []);
		expect(told()).toMatchObject({ packetRules: 'missing', connections: [{ bytesIn: 4_000 }] });
		router.run('rm "$state/counts" "$state/revision" "$state/rules"');
	});

	it('names every pair where the daemon does not run', () => {
		const { stdout } = router.run('make_folders; print_status() { return 1; }; sleep() { :; }; print_report 0');

		expect(parseReport(stdout)).toMatchObject({
			daemon: false,
			connections: [{ connectionId: id, phase1: false, up: [false, false], reasons: ['daemon-down'] }],
		});
	});

	it('asks for the daemon’s version anew once it has been started since', () => {
		const told = (version: string) => {
			router.write('version', [version]);
			return /^s2s\/1 openswan\/(\S+)/.exec(router.run('make_folders; print_report 0').stdout)?.[1];
		};
		const aMinute = 60_000;

		expect([told('2.6.39'), told('2.6.40')]).toEqual(['2.6.39', '2.6.40']);
		router.write('run/pluto/pluto.pid', ['1'], new Date(Date.now() - aMinute));
		expect(told('2.6.41')).toBe('2.6.40');
		router.write('run/pluto/pluto.pid', ['2'], new Date(Date.now() + aMinute));
		expect(told('2.6.42')).toBe('2.6.42');
		router.run('rm -r "$S2S_ROOT/run/pluto" "$S2S_ROOT/version"');
	});

	it('has what the daemon does not have as not applied, whatever else it may look like', () => {
		router.write(`var/lib/s2s/memory/${id}.reason`, ['peer-unreachable']);
		const said = (lines: readonly string[]) => {
			router.write('status', lines);
			return parseReport(router.run('make_folders; print_report 0').stdout);
		};

		expect(said(status.slice(0, -1))).toMatchObject({ connections: [{ up: [true, false], reasons: ['config-not-applied'] }] });
		expect(said(status)).toMatchObject({ connections: [{ up: [true, false], reasons: ['peer-unreachable'] }] });
		router.run(`rm "$memory/${id}.reason"`);
	});

	it('is of one bundle, whole, while an apply puts another in its place', () => {
		const other = 'vpnc-00000000000000002';
		const more = `connection ${other} peer=192.0.2.3 passive=0 suite=\npair 1 10.4.0.0/24\nend\n`;
		router.write('more', more.trimEnd().split('\n'));
		const { stdout, stderr } = router.run(
			`make_folders; cp "$state/bundle" "$S2S_ROOT/kept"; print_status() { cat "$S2S_ROOT/kept" "$S2S_ROOT/more" >"$S2S_ROOT/new"; mv "$S2S_ROOT/new" "$state/bundle"; cat "$S2S_ROOT/status"; }; print_report 1; mv "$S2S_ROOT/kept" "$state/bundle"; ls "$run"`,
		);

		expect(stderr).toBe('');
		expect(parseReport(stdout.replace(/(end \d+\n)[\s\S]*$/, '$1'))).toMatchObject({
			busy: true,
			connections: [{ connectionId: id, up: [expect.any(Boolean), expect.any(Boolean)] }],
		});
		expect(stdout).not.toMatch(/^\w+\.\d+$/m);
	});

	it('is made of what the pairs’ present SAs have carried, as whole numbers too', () => {
		const { lines } = router.run(
			`make_folders; look "$state/bundle" "$run/pairs"; columns_awk '{ print $NUMBER, $UP, $BYTES_OUT, $BYTES_IN }' "$run/pairs"; remember "$run/pairs" ${id}; cat "$memory/${id}.seen"`,
		);

		expect(lines).toEqual(['1 1 5000000000 6000000000', '2 0 0 0', '1 1 c0ffee02 5000000000 6000000000 0', '2 0 - 0 0 0']);
	});

	it('has a pair as one-way as long as nothing has come in on it, of those that heal found so', () => {
		const carried = (bytesIn: number) => {
			router.write('states', [...sa('c0ffee01', bytesIn), ...sa('c0ffee02', 500)]);
			router.write(`var/lib/s2s/memory/${id}.one-way`, ['1,3']);
			router.write('var/lib/s2s/bundle', [...bundle, 'end']);
			return parseReport(router.run('make_folders; print_report 0').stdout);
		};

		expect(carried(0)).toMatchObject({ connections: [{ up: [true], reasons: ['one-way'] }] });
		expect(carried(84)).toMatchObject({ connections: [{ up: [true], reasons: [] }] });
	});
});
