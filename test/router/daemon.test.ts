import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

/** A daemon that answers as long as its process runs, is not stopped and is not deaf; each start makes a new one. */
const daemon = {
	pidof:
		'read -r pid <"$S2S_ROOT/pid" && kill -0 "$pid" 2>/dev/null && grep -q "^State:.[RSD]\\|^State:.T" "/proc/$pid/status" && echo "$pid"',
	ipsec: `case "$1 $2" in
'whack --status') read -r pid <"$S2S_ROOT/pid"; [ ! -e "$S2S_ROOT/deaf" ] && grep -q '^State:.S' "/proc/$pid/status" 2>/dev/null && echo 'using kernel interface: xfrm' ;;
'setup start' | 'setup restart')
	echo "$2" >>"$S2S_ROOT/asked"
	[ ! -e "$S2S_ROOT/refuses $2" ] || exit 0
	rm -f "$S2S_ROOT/deaf"
	sleep 60 >/dev/null 2>&1 & echo $! >"$S2S_ROOT/pid"
	for fd in 5 6 7 8 9; do [ ! -e "/proc/$!/fd/$fd" ] || echo "$fd" >>"$S2S_ROOT/handed-on"; done ;;
'addconn --config') [ ! -e "$S2S_ROOT/foreign-error" ] || { echo "while loading '/etc/ipsec.conf': /etc/ipsec.d/owner.conf:2: syntax error"; exit 3; } ;;
esac`,
};

describe('the daemon of a router', () => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(awks[0]?.argv ?? []);
		for (const [name, script] of Object.entries(daemon)) router.command(name, script);
		router.write('pid', ['']);
		router.write('var/lib/s2s/bundle', ['s2s-bundle/1', 'vpc 10.1.0.0/16', 'end']);
	});
	afterEach(() => {
		router.run('read -r pid <"$S2S_ROOT/pid" && kill -9 "$pid"');
		router.remove();
	});

	/** A pass of heal: what it asked the init system for, and whether the daemon answers afterwards. */
	const afterPass = (before = '') => {
		const { stderr, lines } = router.run(
			`make_folders; packet_rules_stand() { :; }; keep_packet_counts() { :; }; sleep() { :; }; exec 7>"$run/heal.lock"
			${before}
			heal_pass
			if daemon_runs; then echo runs; fi
			cat "$S2S_ROOT/asked" "$S2S_ROOT/handed-on" "$state/daemon.reason" 2>/dev/null`,
		);
		expect(stderr).toBe('');
		return lines;
	};
	const running = 'ipsec setup start; rm -f "$S2S_ROOT/asked" "$S2S_ROOT/handed-on"; read -r pid <"$S2S_ROOT/pid"';

	it('is started if there is none, and holds no lock of those who started it', () => {
		expect(afterPass()).toEqual(['runs', 'start']);
	});

	it.each([
		['an init script that believes its pid file', 'etc/init.d/ipsec'],
		['a unit that is "active (exited)"', 'run/systemd/system/ipsec.service'],
	])('is restarted if a start does nothing, as with %s', (_, file) => {
		router.write(file, ['']);
		router.write('refuses start', ['']);
		router.command('systemctl', '[ "$1" = reset-failed ] || ipsec setup "$1"');

		expect(afterPass()).toEqual(['runs', 'start', 'restart']);
	});

	it('is continued if it was stopped, and not started anew', () => {
		expect(afterPass(`${running}; kill -STOP "$pid"`)).toEqual(['runs']);
	});

	it('is ended and started anew if it does not answer at a second pass either', () => {
		expect(afterPass(`${running}; touch "$S2S_ROOT/deaf"`)).toEqual([]);
		expect(afterPass()).toEqual(['runs', 'start']);
	});

	describe('with a second port that another program had at its start', () => {
		const socket = (local: string) =>
			`  179: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 100467 2 0 0`;
		const ports = (...local: string[]) =>
			router.write('proc/net/udp', ['   sl  local_address rem_address   st', ...local.map(socket)]);
		const some = ['0100007F:01F4', '0100007F:1194', '010200C0:01F4'];
		const restarts = (before = running) => afterPass(before).filter((word) => word === 'restart').length;

		it('is restarted once that is free, and not again at once', () => {
			ports(...some);
			expect(restarts()).toBe(1);
			expect(restarts('')).toBe(1);
			ports(...some, '010200C0:1194');
			expect(restarts('')).toBe(1);
			ports(...some);
			expect(restarts('')).toBe(1);
			router.run('echo 1 >"$run/port-asked"');
			expect(restarts('')).toBe(2);
		});

		it('is restarted once for all where that changes nothing, as where another program has the first port', () => {
			ports(...some);
			expect(restarts()).toBe(1);
			router.run('echo 1 >"$run/port-asked"');
			expect(restarts('')).toBe(1);
			ports(...some, '030200C0:01F4');
			expect(restarts('')).toBe(2);
		});

		it.each([
			['as long as somebody has it', [...some, '010200C0:1194']],
			['where it has another port everywhere', ['0100007F:01F4', '010200C0:01F4', '010200C0:1195']],
			['where the kernel says nothing', []],
		])('is not, %s', (_what, local) => {
			ports(...local);
			expect(restarts()).toBe(0);
		});

		it('is not while a program has it at all addresses, which would have it at the start as well', () => {
			ports(...some, '00000000:1194');
			expect(restarts()).toBe(0);
		});

		it('is not where the owner’s files would not let it start again', () => {
			ports(...some);
			expect(restarts(`${running}; foreign_error() { echo /etc/ipsec.conf:1; }`)).toBe(0);
		});

		it('is not while a tunnel that is not ours is up', () => {
			ports(...some);
			expect(restarts(`${running}; foreign_tunnel_up() { :; }`)).toBe(0);
		});
	});

	it('is told as hindered by a foreign file, with its line, until it runs', () => {
		const place = '/etc/ipsec.d/owner.conf:2: syntax error';
		for (const file of ['foreign-error', 'refuses start', 'refuses restart']) router.write(file, ['']);

		expect(afterPass()).toEqual(['start', 'restart', `foreign-config ${place}`]);
		router.command('ip', ':');
		router.command('iptables-save', ':');
		expect(router.run('print_report 0').stdout).toMatch(`log - foreign-config: ${place}\ns2s/1 `);

		expect(afterPass('rm "$S2S_ROOT/refuses start"')).toEqual(['runs', 'start', 'restart', 'start']);
	});
});
