import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../functions/domain/router/parse-report.ts';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const numbers = Array.from({ length: 12 }, (_, n) => n + 1);
const idOf = (n: number) => `vpnc-${String(n).padStart(17, '0')}`;
const bundle = (optionsOfEach: number) => [
	's2s-bundle/1',
	'generation 7',
	'vpc 10.1.0.0/16',
	'dialect openswan',
	...numbers.flatMap((n) => [
		`connection ${idOf(n)} peer=192.0.2.${n + 1} mss=1360 passive=0 ike=ikev1 suite=`,
		`pair 1 10.2.${n}.0/24`,
		...Array.from({ length: optionsOfEach }, () => '| \tsalifetime=3600s'),
	]),
	'end',
];
const status = [
	'000 using kernel interface: netkey',
	...numbers.map((n) => `000 "${idOf(n)}-1": 10.1.0.0/16===192.0.2.1...192.0.2.9===10.2.${n}.0/24; erouted; eroute owner: #${n}`),
	...numbers.map(
		(n) => `000 #${n}: "${idOf(n)}-1" esp.aa${n}@192.0.2.${n + 1} esp.bb${n}@192.0.2.1 tun.0@192.0.2.9 tun.0@192.0.2.1`,
	),
];
const sa = (spi: string) =>
	`\tproto esp spi 0x${spi}(1) reqid 1(0x1) mode tunnel\n\tlifetime current:\n\t  500(bytes), 3(packets)`;
const counts = numbers.map((n) => `[3:400] -A S2S-IN -m comment --comment "s2s ${idOf(n)} 1 in"`);

describe.each(sampledAwks)('a disk on which a file has no room, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
		router.write('proc/stat', ['btime 1700000000']);
		router.write('status', status);
		router.write(
			'states',
			numbers.flatMap((n) => [sa(`aa${n}`), sa(`bb${n}`)]),
		);
		router.write(
			'policies',
			numbers.map((n) => `src 10.1.0.0/16 dst 10.2.${n}.0/24\n\tdir out priority 1\n\ttmpl src 192.0.2.1 dst 192.0.2.${n + 1}`),
		);
		// As whack, it says nothing of what it could not write.
		router.command(
			'ipsec',
			`[ "$1" != --version ] || { echo 'Linux Openswan 2.6.38'; exit; }\ncat "$S2S_ROOT/status" 2>/dev/null; exit 0`,
		);
		router.command('ip', 'case "$*" in *state*) cat "$S2S_ROOT/states" ;; *policy*) cat "$S2S_ROOT/policies" ;; esac');
		router.command('iptables-save', `printf '*mangle\\n'; cat "$S2S_ROOT/counters" 2>/dev/null; exit 0`);
		router.write('counters', counts);
		router.command('iptables-restore', 'grep -c -e "--pol none -j DROP" >"$S2S_ROOT/restored"');
		router.command('pidof', 'echo "$PPID"');
	});
	afterAll(() => router.remove());

	/** Of no file more than so many blocks of 512 bytes can be written. */
	const full = (blocks: number, script: string) =>
		router.run(
			`make_folders; clock=1000; now() { echo "$clock"; }; sleep() { clock=$((clock + 1)); }; trap '' XFSZ; ulimit -f ${blocks}; ${script}`,
		);
	const reported = (blocks: number, optionsOfEach: number) => {
		router.write('var/lib/s2s/bundle', bundle(optionsOfEach));
		return parseReport(full(blocks, 'print_report 0').stdout);
	};

	it('has all connections reported where there is room', () => {
		expect(reported(200, 40)).toMatchObject({ connections: numbers.map(() => ({ up: [true], bytesIn: 400 })) });
	});

	it('has nothing reported where the states of the pairs have no room: connections would be told as gone or down', () => {
		expect(reported(1, 0)).toEqual({ unreadable: expect.any(String) });
	});

	it('needs no room for what the daemon and the kernel say', () => {
		expect(reported(4, 40)).toMatchObject({ connections: numbers.map(() => ({ up: [true], bytesIn: 400 })) });
	});

	it('has no counts told from a part of the tables, whose others would begin anew', () => {
		router.write('var/lib/s2s/counts', [`${idOf(1)} 1 in 3 399`, `${idOf(12)} 1 in 3 399`]);

		expect(full(1, 'read_tables "$run/tables"; packet_counts "$run/tables"').lines).toEqual([
			`${idOf(1)} 1 in 3 399`,
			`${idOf(12)} 1 in 3 399`,
		]);
	});

	it('has no packet rules set of which the rest is missing, as where awk dies for want of memory', () => {
		router.write('var/lib/s2s/bundle', bundle(0));
		const dying = 'columns_awk() { awk $column_options "$@" | head -n 30; return 137; }';

		router.run(`make_folders; rm -f "$S2S_ROOT/restored"; ${dying}; ! guard "$state/bundle" || echo set`);

		expect(router.run('cat "$S2S_ROOT/restored" "$state/rules" 2>/dev/null').lines).toEqual([]);
	});

	it('opens no way in clear: the packet rules need no file', () => {
		router.write('var/lib/s2s/bundle', bundle(0));

		full(1, 'guard "$state/bundle"');
		expect(router.run('cat "$S2S_ROOT/restored"').lines).toEqual([String(4 * numbers.length)]);
	});
});
