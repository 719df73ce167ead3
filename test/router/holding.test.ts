import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const ours = 'etc/ipsec.d/s2s/vpnc-00000000000000001';

describe.each(sampledAwks)('what a router says that it holds, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
	});
	afterAll(() => router.remove());
	beforeEach(() => {
		router.write('var/lib/s2s/bundle', ['s2s-bundle/1', 'vpc 10.1.0.0/16', 'setup protostack=netkey', 'end']);
		router.write('var/lib/s2s/revision', ['7-0123456789abcdef']);
		router.write('etc/ipsec.conf', ['config setup', '\tuniqueids=yes']);
		router.write('etc/ipsec.secrets', []);
		router.write('etc/ipsec.d/s2s.conf', ['include /etc/ipsec.d/s2s/*.conf']);
		router.write('etc/ipsec.d/s2s.secrets', ['include /etc/ipsec.d/s2s/*.secrets']);
		router.write(`${ours}.conf`, ['conn one']);
		router.write(`${ours}.secrets`, ['a key']);
		for (const script of ['lib', 'heal', 'boot']) router.write(`opt/s2s/${script}.sh`, [script]);
		router.run(
			'make_folders; put_block "$main_conf" conf "$state/bundle"; put_block "$main_secrets" secrets "$state/bundle"; keep_files_sum',
		);
	});

	const holds = () => {
		const { lines, stderr } = router.run(
			'make_folders; some_orphaned=0 some_unloaded=0; find_held "$state/bundle" /dev/null 1 "$(files_sum "$main_conf" "$main_secrets")"; echo "$holding $scripts"; scripts_version',
		);
		expect(stderr).toBe('');
		const [told, version] = lines;
		const [revision, scripts] = told?.split(' ') ?? [];
		// The version is what is there, whoever put it there.
		expect(scripts).toBe(version);
		return revision;
	};

	it('is the revision it took', () => {
		expect(holds()).toBe('7-0123456789abcdef');
	});

	it('is that revision still where the owner changes what is the owner’s', () => {
		router.run('{ cat "$main_conf"; echo "conn of-the-owner"; } >"$S2S_ROOT/changed"; mv "$S2S_ROOT/changed" "$main_conf"');
		expect(holds()).toBe('7-0123456789abcdef');
		router.run('rm "$main_secrets"');
		expect(holds()).toBe('drift');
	});

	it.each([
		['our include', 'etc/ipsec.conf', ['config setup', '\tprotostack=netkey']],
		['a setup line of ours', 'etc/ipsec.conf', ['include /etc/ipsec.d/*.conf']],
		['the include of our keys', 'etc/ipsec.secrets', []],
		['a conn', `${ours}.conf`, ['conn two']],
		['a key', `${ours}.secrets`, ['another key']],
		['the list of our files', 'etc/ipsec.d/s2s.conf', []],
		['a script', 'opt/s2s/heal.sh', ['exit']],
		['the library', 'opt/s2s/lib.sh', ['exit']],
		['what it noted of them', 'var/lib/s2s/files.sum', ['\0\0\0']],
		['half of what it noted', 'var/lib/s2s/files.sum', []],
	])('is drift where somebody changed %s, and the revision again where that is undone', (_what, file, lines) => {
		router.run(`cp -p "$S2S_ROOT/${file}" "$S2S_ROOT/before"`);
		router.write(file, lines);
		expect(holds()).toBe('drift');
		router.run(`cp -p "$S2S_ROOT/before" "$S2S_ROOT/${file}"`);
		expect(holds()).toBe('7-0123456789abcdef');
	});

	it('is nothing where it took none', () => {
		router.run('rm "$state/revision"');
		expect(holds()).toBe('none');
	});
});
