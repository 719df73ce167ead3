import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const slow = 'vpnc-00000000000000001';
const quick = 'vpnc-00000000000000002';

/** Everything but the connections is as it should be; to heal the first takes longer than any pass, and both are written down. */
const prelude = `
make_folders
: >>"$S2S_ROOT/healed"
packet_rules_stand() { :; }
keep_packet_counts() { :; }
keep_daemon_setup() { :; }
daemon_runs() { :; }
print_status() { :; }
look() { : >"$2"; }
heal_connection() { echo "$3" >>"$S2S_ROOT/healed"; if [ "$3" = ${slow} ]; then unlocked sleep 8; echo over >>"$S2S_ROOT/healed"; fi; }
begun() { tries=0; until [ "$(grep -c "$1" "$S2S_ROOT/healed" 2>/dev/null)" -ge "$2" ] || [ $tries -ge 50 ]; do tries=$((tries + 1)); sleep 0.1; done; }
`;

describe('the rounds of healing', () => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(awks[0]?.argv ?? []);
		router.write('var/lib/s2s/bundle', [
			's2s-bundle/1',
			'vpc 10.1.0.0/16',
			...[slow, quick].flatMap((id) => [`connection ${id} peer=192.0.2.2 passive=0`, 'pair 1 10.2.0.0/24']),
			'end',
		]);
	});
	afterEach(() => router.remove());

	const healed = (script: string) => {
		const { stderr } = router.run(`${prelude}${script}`);
		expect(stderr).toBe('');
		return router.run('cat "$S2S_ROOT/healed"').lines.sort();
	};

	it('go on while a connection is still at it, which is left alone and not waited for', () => {
		expect(healed(`heal_pass; begun ${slow} 1; begun ${quick} 1; heal_pass; begun ${quick} 2`)).toEqual([slow, quick, quick]);
	});

	it('are known to be over when the last connection is', () => {
		const script = `heal_pass; begun ${slow} 1; if flock -n "$run/healing.lock" true; then echo none >>"$S2S_ROOT/healed"; fi; healing_ends_soon`;

		expect(healed(script)).toEqual(['over', slow, quick]);
	});

	it('leave out what an apply is changing, and nothing else', () => {
		const apply = `( take_apply_lock 1; hold_from_healing ${slow}; echo >"$run/began"; while [ -e "$run/began" ]; do sleep 0.2; done ) & until [ -e "$run/began" ]; do sleep 0.1; done`;

		expect(healed(`${apply}; heal_pass; begun ${quick} 1; healing_ends_soon; rm "$run/began"`)).toEqual([quick]);
	});

	it('are ended for a connection that an apply is about to change', () => {
		const apply = `( take_apply_lock 1; hold_from_healing ${slow} ); flock -n "$run/heal-${slow}.lock" echo free >>"$S2S_ROOT/healed"`;

		expect(healed(`heal_pass; begun ${slow} 1; begun ${quick} 1; ${apply}; sleep 1`)).toEqual(['free', slow, quick]);
	});

	it('are not kept from a connection by an apply that was cut off', () => {
		expect(healed(`( take_apply_lock 1; hold_from_healing ${quick} ); heal_pass; begun ${quick} 1`)).toContain(quick);
	});

	it('do not take each other for an apply, and neither does a check', () => {
		const looking = `( exec 6>"$run/applying.lock"; flock -n -s 6; echo >"$run/looks"; sleep 1 ) & until [ -e "$run/looks" ]; do sleep 0.1; done`;

		expect(router.run(`${prelude}${looking}; apply_is_busy && echo busy`).lines).toEqual([]);
		expect(router.run(`${prelude}( take_apply_lock 1; apply_is_busy && echo busy )`).lines).toEqual(['busy']);
	});

	it('need not have been: keys that an apply which was cut off has left are swept by the next, too', () => {
		router.write('run/s2s/keys', ['/s2s/dev/acme/cgw-1 1 a2V5']);
		router.write(`var/lib/s2s/memory/${slow}.psk.s2s-new.9`, ['/s2s/dev/acme/cgw-1:1']);

		const { lines } = router.run(`${prelude} sweep_after_apply; ls "$run" "$memory"`);

		expect(lines.filter((line) => /^keys|s2s-new/.test(line))).toEqual([]);
	});

	it('sweep what was left by commands that were cut off, keys at once, and no lock', () => {
		const old = new Date(Date.now() - 11 * 60_000);
		for (const name of ['pairs.123', 'status.pairs.123.123', `heal.9.${slow}`, 'probe.77', `now.${slow}`])
			router.write(`run/s2s/${name}`, ['x'], old);
		router.write(`run/s2s/heal-${slow}.lock`, ['1'], old);
		for (const name of ['run/s2s/pairs.124', 'run/s2s/keys', 'var/lib/s2s/stage/x.secrets']) router.write(name, ['x']);

		const { lines } = router.run(`${prelude} sweep_leftovers; ls "$run" "$state"`);

		expect(lines.filter((line) => /[.]|keys|stage/.test(line))).toEqual([`heal-${slow}.lock`, 'pairs.124']);
	});
});
