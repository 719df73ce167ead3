import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const conn = `000 "${id}-1": 10.1.0.0/16===192.0.2.1...192.0.2.9===10.9.0.0/24; erouted; eroute owner: #9`;

describe.each(sampledAwks)('a change that the daemon did not answer, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		const file = [`# s2s ${id} revision 2`, `conn ${id}-1`];
		for (const folder of ['etc/ipsec.d/s2s', 'etc/ipsec.d/s2s/.stage']) {
			router.write(`${folder}/${id}.conf`, file);
			router.write(`${folder}/${id}.secrets`, ['192.0.2.1 192.0.2.9 : PSK 0sAAAA']);
		}
		router.write('bundle', [
			's2s-bundle/1',
			'vpc 10.1.0.0/16',
			`connection ${id} peer=192.0.2.9 passive=0`,
			'pair 1 10.9.0.0/24',
			'end',
		]);
		router.command('ipsec', `printf '%s\\n' '000 using kernel interface: netkey' '${conn}'`);
		router.command('ip', ':');
	});
	afterEach(() => router.remove());

	const apply = (script: string) => {
		const { lines, stderr } = router.run(`make_folders; new=$root/bundle; bundled=${id}; stage=$ours/.stage; in_place=1
: >"$run/wanted"; loaded=$memory/${id}.loaded; ${script}`);
		expect(stderr).toBe('');
		return lines;
	};
	const changes = 'find_changes; echo "changed:$changed"';

	it('is one for the next apply as well, though its files are in place', () => {
		expect(apply(`loaded_as ${id} "$ours/${id}.conf" /dev/null >"$loaded"; ${changes}`)).toEqual(['changed:']);
		expect(apply(`rm "$loaded"; ${changes}`)).toEqual([`changed: ${id}`]);
	});

	it('is not taken for loaded where it was not added in time, whatever the daemon has by its name', () => {
		const outcome = 'load_changes; [ -n "$in_place" ] || echo drift; [ ! -s "$loaded" ] || echo loaded';

		expect(apply(`changed=${id}; conns_add() { :; }; rm -f "$loaded"; ${outcome}`)).toEqual(['loaded']);
		expect(apply(`changed=${id}; conns_add() { return 124; }; rm -f "$loaded"; ${outcome}`)).toEqual(['drift']);
	});
});
