import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const kept = 'vpnc-00000000000000001';
const gone = 'vpnc-00000000000000002';
const conn = (name: string) => `000 "${name}": 10.1.0.0/16===192.0.2.1...192.0.2.9===10.9.0.0/24; erouted; eroute owner: #9`;
const ofBundle = ['000 using kernel interface: netkey', conn(`${kept}-1`), conn(`${kept}-2`)];
const orphans = [conn(`${kept}-3`), conn(`${kept}-10`), conn(`${gone}-1`), conn(`${gone}-1`).replace('":', '"[2]:')];
const others = [conn('office'), conn('vpnc-office-1'), `000 #9: "${gone}-2":500 STATE_QUICK_I2 (IPsec SA established)`];

describe.each(sampledAwks)('a conn of ours that no bundle has, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('var/lib/s2s/bundle', [
			's2s-bundle/1',
			'vpc 10.1.0.0/16',
			`connection ${kept} peer=192.0.2.9 passive=0`,
			'pair 1 10.8.0.0/24',
			'pair 2 10.9.0.0/24',
			'end',
		]);
		router.write('var/lib/s2s/revision', ['7-0123456789abcdef']);
		router.command('ipsec', 'cat "$S2S_ROOT/status"');
		router.command('ip', ':');
		router.command('pidof', ':');
	});
	afterEach(() => router.remove());

	const stubs = `make_folders; new=$state/bundle; bundled=${kept}; changed=; steps=$S2S_ROOT/steps
conn_terminate() { echo "terminate $1"; }; conn_delete() { echo "delete $1"; }; conn_delete_states() { echo "states $1"; }
take_down() { echo "down $2"; }; remove_packet_rules() { :; }; remove_timer() { :; }; give_up() { echo "gave up: $*"; exit 1; }`;
	const run = (script: string, status: readonly string[] = [...ofBundle, ...others]) => {
		router.write('status', status);
		const { lines, stderr } = router.run(`${stubs}\n${script}`);
		expect(stderr).toBe('');
		return lines;
	};

	it('is taken down by the next apply, and no conn that it has, nor one of the owner’s', () => {
		expect(run('load_changes')).toEqual([]);
		expect(run('load_changes', [...ofBundle, ...orphans, ...others])).toEqual([
			...[`${kept}-3`, `${kept}-10`].flatMap((name) => [`terminate ${name}`, `delete ${name}`]),
			`terminate ${gone}-1`,
			`states ${gone}`,
			`delete ${gone}-1`,
		]);
	});

	it('is a drift, by which that apply comes', () => {
		const held =
			'includes_stand() { :; }; keep_files_sum; look "$state/bundle" "$run/pairs"; find_held "$state/bundle" "$run/pairs" 1 "$(files_sum "$main_conf" "$main_secrets")"; echo "$holding"';

		expect(run(held)).toEqual(['7-0123456789abcdef']);
		for (const orphan of orphans) expect(run(held, [...ofBundle, orphan])).toEqual(['drift']);
	});

	it('is taken down where everything is removed', () => {
		const lines = run('remove_everything', [...ofBundle, ...orphans]);

		expect(lines).toEqual(expect.arrayContaining([`down ${kept}`, `terminate ${gone}-1`, `delete ${gone}-1`]));
	});

	it('is none since nothing is removed while the daemon runs and does not answer', () => {
		const lines = run('daemon_runs() { return 1; }; daemon_pids() { echo 9; }; remove_everything');

		expect(lines).toEqual([expect.stringMatching(/^gave up: the daemon runs and does not answer/)]);
		expect(router.run('cat "$state/bundle"').lines).toContain(`connection ${kept} peer=192.0.2.9 passive=0`);
	});
});
