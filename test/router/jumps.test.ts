import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const ours = '-j S2S-FORWARD';
const simulated = join(import.meta.dirname, '../../local/routers/simulated/bin');

describe.each(sampledAwks)('the jump to our chain, which somebody else’s rule has come ahead of, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		for (const name of ['iptables', 'iptables-save']) router.command(name, `exec ${simulated}/${name} "$@"`);
		// $S2S_ROOT/locked says that somebody else holds the lock of iptables.
		router.command('iptables-restore', `[ ! -e "$S2S_ROOT/locked" ] || exit 4\nexec ${simulated}/iptables-restore "$@"`);
		router.command('ip', ':');
		router.write('var/lib/s2s/bundle', [
			's2s-bundle/1',
			'generation 1',
			'vpc 10.1.0.0/16',
			`connection ${id} peer=192.0.2.9`,
			'pair 1 10.2.0.0/24',
			'end',
		]);
		pass();
	});
	afterEach(() => router.remove());

	const somebody = (script: string) => router.run(`make_folders; ${script}`);
	const chain = () => router.run('iptables -t filter -S FORWARD').lines.map((line) => line.replace(/^-A FORWARD /, ''));
	const pass = () =>
		router.run('make_folders; read_tables "$run/tables"; packet_rules_stand "$run/tables" || guard "$state/bundle"');

	it('is put first', () => {
		somebody('iptables -t filter -I FORWARD 1 -j DOCKER');
		expect(chain()).toEqual(['-j DOCKER', ours]);

		pass();

		expect(chain()).toEqual([ours, '-j DOCKER']);
		expect(router.run('cat "$state/rules"').lines).not.toEqual([]);
	});

	it('is not put there again, pass by pass, where iptables leaves the table out since nft itself has made a rule of it', () => {
		const words = "# Table \\`filter' is incompatible, use 'nft' tool.";
		somebody('iptables -t filter -I FORWARD 1 -j DOCKER');
		router.command('iptables-save', `${simulated}/iptables-save "$@" | sed '/^[*]filter/,/^COMMIT/d'; echo "${words}"`);

		pass();
		pass();

		expect(chain()).toEqual(['-j DOCKER', ours]);
		expect(somebody('steps=$root/steps; guard "$state/bundle" || cat "$steps"').lines).toEqual([
			'log - a rule that nft itself made hides a table from iptables: remove it',
		]);
	});

	it('is left alone where it is first', () => {
		somebody('iptables -t filter -I INPUT 1 -j DOCKER');

		const moves = somebody('read_tables "$run/tables"; moves_of_jumps "$run/tables"').lines;

		expect(moves).toEqual(['filter -D INPUT -j S2S-INPUT', 'filter -I INPUT -j S2S-INPUT']);
	});

	it('is as it was where somebody holds the lock, and first a pass later', () => {
		somebody('iptables -t filter -I FORWARD 1 -j DOCKER; : >"$S2S_ROOT/locked"');

		pass();
		expect(chain()).toEqual(['-j DOCKER', ours]);

		somebody('rm "$S2S_ROOT/locked"');
		pass();
		expect(chain()).toEqual([ours, '-j DOCKER']);
	});

	it('is alone, whatever else led there', () => {
		somebody(
			'for rule in "-j S2S-FORWARD" "-s 10.9.0.0/16 -j S2S-FORWARD" "-m comment --comment s2s -j S2S-FORWARD"; do iptables -t filter -I FORWARD 1 $rule; done',
		);
		expect(chain()).toHaveLength(4);

		pass();

		expect(chain()).toEqual([ours]);
	});

	it('comes in the one change of its table in which the rules of its chain do, so that it never leads to less', () => {
		somebody('iptables -t filter -I FORWARD 1 -j DOCKER');

		router.command('iptables-restore', 'cat');

		const { lines } = pass();

		const filter = lines.slice(lines.indexOf('*filter'));
		expect(filter.filter((line) => line === 'COMMIT')).toHaveLength(1);
		expect(filter.slice(-3)).toEqual(['-D FORWARD -j S2S-FORWARD', '-I FORWARD -j S2S-FORWARD', 'COMMIT']);
		expect(lines.filter((line) => line.startsWith('-I'))).toHaveLength(1);
	});

	it('is gone with everything of ours, marked or not', () => {
		somebody(
			'for rule in "-j DOCKER" "-m comment --comment s2s -j S2S-FORWARD" "-j S2S-FORWARD"; do iptables -t filter -I FORWARD 1 $rule; done',
		);

		router.run('make_folders; remove_packet_rules');

		expect(chain()).toEqual(['-j DOCKER']);
		expect(router.run('iptables-save | grep S2S').lines).toEqual([]);
	});
});
