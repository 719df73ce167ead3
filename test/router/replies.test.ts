import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReport } from '../../functions/domain/router/parse-report.ts';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const first = 'vpnc-00000000000000001';
const second = 'vpnc-00000000000000002';
const bundle = [
	's2s-bundle/1',
	'vpc 10.1.0.0/16',
	`connection ${first} peer=192.0.2.2 passive=0 suite= probe=10.3.0.130`,
	'pair 1 10.2.0.0/24',
	'pair 2 10.3.0.128/25',
	`connection ${second} peer=192.0.2.3 passive=1 suite=`,
	'pair 1 10.4.0.0/24',
	'end',
];
/** The pairs as a look finds them. */
const look = (up: 0 | 1, other: 0 | 1 = 1) => [`${first} 1 ${other} 1 1`, `${first} 2 ${up} 1 1`, `${second} 1 1 1 1`];

/** What each `ping` prints of three that are answered, of three that are not, and of two that are lost. */
const iputils = [
	'3 packets transmitted, 3 received, 0% packet loss, time 1002ms\nrtt min/avg/max/mdev = 11.402/12.510/13.177/0.725 ms',
	'3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 1030ms\n',
	'3 packets transmitted, 1 received, 66.6667% packet loss, time 1030ms\nrtt min/avg/max/mdev = 0.024/0.024/0.024/0.000 ms',
];
const busybox = [
	'3 packets transmitted, 3 packets received, 0% packet loss\nround-trip min/avg/max = 11.402/12.510/13.177 ms',
	'3 packets transmitted, 0 packets received, 100% packet loss',
	'3 packets transmitted, 1 packets received, 66% packet loss\nround-trip min/avg/max = 0.024/0.024/0.024 ms',
];

describe.each(sampledAwks)('the host of a probe, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('var/lib/s2s/bundle', bundle);
		router.command(
			'ip',
			`echo '1: lo inet 127.0.0.1/8'; echo '2: wan inet 192.0.2.1/24'; echo '3: lan inet 10.1.0.1/16 scope global lan'`,
		);
	});
	afterEach(() => router.remove());

	const ping = (printed: string, code = 0) =>
		router.command('ping', `echo "$*" >>"$S2S_ROOT/pinged"\nprintf '%b\\n' '${printed.replaceAll('\n', '\\n')}'\nexit ${code}`);
	const pass = (pairs: readonly string[], over = '') => {
		router.write('pairs', pairs);
		const { stderr, lines } = router.run(
			`make_folders; now() { echo 5000; }; ${over}\nask_hosts "$state/bundle" "$S2S_ROOT/pairs" ${first} ${second}; wait; tries=0; until [ -e "$memory/${first}.replies" ] || [ $tries -ge 10 ]; do tries=$((tries + 1)); sleep 0.1; done; cat "$memory/${first}.replies" 2>/dev/null; ls "$memory"`,
		);
		expect(stderr).toBe('');
		return lines;
	};

	it.each([
		['iputils', iputils],
		['busybox', busybox],
	])(
		'is pinged thrice from the router’s inner address, and what %s prints is kept',
		(_name, [answered = '', lost = '', few = '']) => {
			ping(answered);
			expect(pass(look(1))).toEqual(['5000 10.3.0.130 2 0 13', `${first}.replies`]);
			expect(router.run('cat "$S2S_ROOT/pinged"').lines).toEqual(['-n -q -c 3 -i 0.5 -W 1 -I 10.1.0.1 10.3.0.130']);
			router.run(`rm "$memory/${first}.replies" "$run/asked.${first}"`);
			ping(lost, 1);
			expect(pass(look(1))[0]).toBe('5000 10.3.0.130 2 100 -');
			router.run(`rm "$memory/${first}.replies" "$run/asked.${first}"`);
			ping(few);
			expect(pass(look(1))[0]).toMatch(/^5000 10\.3\.0\.130 2 6[67] 1$/);
		},
	);

	it('is not pinged while its own pair is down, whatever the others are, and what was known of it is forgotten', () => {
		ping(iputils[0] ?? '');
		router.write(`var/lib/s2s/memory/${first}.replies`, ['4990 10.3.0.130 2 0 13']);

		expect(pass(look(0))).toEqual([]);
		expect(router.run('cat "$S2S_ROOT/pinged" 2>/dev/null').lines).toEqual([]);
		expect(pass(look(1, 0))[0]).toBe('5000 10.3.0.130 2 0 13');
	});

	it.each([
		['has no ping', 'command() { case "$*" in *ping*) return 1 ;; esac; }'],
		['has no address that the tunnel carries', `ip() { echo '2: wan inet 192.0.2.1/24'; }`],
		[
			'cannot send one',
			`ping() { echo 'ping: bind: Cannot assign requested address' >&2; return 2; }; timeout() { shift; "$@"; }`,
		],
	])('is not known of where the router %s', (_what, over) => {
		ping(iputils[0] ?? '');

		expect(pass(look(1), over)).toEqual([]);
	});

	it('is asked once where an apply and the timer come together, since twice as many pings would look like traffic', () => {
		ping(iputils[1] ?? '', 1);
		pass(look(1));
		pass(look(1), 'now() { echo 5009; }');
		expect(router.run('cat "$S2S_ROOT/pinged"').lines).toHaveLength(1);

		pass(look(1), 'now() { echo 5010; }');
		expect(router.run('cat "$S2S_ROOT/pinged"').lines).toHaveLength(2);
	});

	it('is asked where the clock was ahead when it was asked before', () => {
		ping(iputils[1] ?? '', 1);
		pass(look(1), 'now() { echo 90000; }');
		pass(look(1));

		expect(router.run('cat "$S2S_ROOT/pinged"').lines).toHaveLength(2);
	});

	it('is waited for by nobody but the end of the timer’s unit', () => {
		router.command('ping', 'sleep 3');
		router.write('pairs', look(1));

		const { lines, stderr } = router.run(
			`make_folders; look_surely() { cp "$S2S_ROOT/pairs" "$2"; }; initiated_ids() { :; }
			began=$(now); heal_connections "$state/bundle" ${first} ${second}; echo $(($(now) - began))
			healing_ends_soon; echo $(($(now) - began))
			ls "$run"`,
		);

		expect(stderr).toBe('');
		expect(Number(lines[0])).toBeLessThan(2);
		expect(Number(lines[1])).toBeGreaterThanOrEqual(2);
		expect(lines.slice(2)).toEqual([`asked.${first}`, 'healing.lock']);
	});

	describe('is in the report', () => {
		const reported = (replies: string, { at = 5_030, probe = '10.3.0.130' } = {}) => {
			router.write(
				'var/lib/s2s/bundle',
				bundle.map((line) => line.replace('probe=10.3.0.130', `probe=${probe}`)),
			);
			router.write('proc/stat', ['btime 1700000000']);
			router.write(`var/lib/s2s/memory/${first}.replies`, [replies]);
			router.command('ipsec', `echo 'Linux Openswan 2.6.38'`);
			router.command('iptables-save', ':');
			router.write('pairs', look(1));
			const { stdout } = router.run(
				`make_folders; now() { echo ${at}; }; look_surely() { sed 's/$/ - - 0 0 0 1 0 - 0/' "$S2S_ROOT/pairs" >"$2"; }; print_report 0`,
			);
			const report = parseReport(stdout);
			if ('unreadable' in report) throw new Error(`${report.unreadable}\n${stdout}`);
			return report.connections.find(({ connectionId }) => connectionId === first)?.probe;
		};

		it.each([
			['5000 10.3.0.130 2 0 13', { lossPercent: 0, rttMs: 13 }],
			['5000 10.3.0.130 2 67 1', { lossPercent: 67, rttMs: 1 }],
			['5000 10.3.0.130 2 100 -', { lossPercent: 100 }],
		])('with what is kept of it: %s', (kept, probe) => {
			expect(reported(kept)).toEqual(probe);
		});

		it('for four passes of heal', () => {
			expect(reported('5000 10.3.0.130 2 0 13', { at: 5_060 })).toBeDefined();
			expect(reported('5000 10.3.0.130 2 0 13', { at: 5_061 })).toBeUndefined();
			expect(reported('5000 10.3.0.130 2 0 13', { at: 4_900 })).toBeUndefined();
		});

		it('unless it is the probe no more, or its pair is down', () => {
			expect(reported('5000 10.3.0.130 2 0 13', { probe: '10.3.0.131' })).toBeUndefined();
			expect(reported('5000 10.3.0.130 3 0 13')).toBeUndefined();
		});
	});
});
