import { readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const begin = '# s2s begin (kept by s2s-vpn; what stands in this block is replaced)';
const end = '# s2s end';
const accept = '\tikev1-policy=accept';
const ours = 'include /etc/ipsec.d/s2s.conf';
const theirs = 'include /etc/ipsec.d/*.conf';

describe.each(sampledAwks)('our blocks in the files of a router’s owner, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('var/lib/s2s/bundle', ['setup ikev1-policy=accept']);
		router.write('etc/ipsec.secrets', ['include /etc/ipsec.d/*.secrets']);
	});
	afterEach(() => router.remove());
	const run = (script: string) => {
		const { lines, stderr } = router.run(`make_folders\n${script}`);
		expect(stderr).toBe('');
		return lines;
	};
	const put = 'put_block "$main_conf" conf "$state/bundle"';
	const standing = 'includes_stand && echo stands; true';
	const conf = () => readFileSync(join(router.root, 'etc/ipsec.conf'), 'utf8').split('\n').slice(0, -1);

	it.each<[string, string[], string[], string[]?]>([
		['no file', [], [begin, 'config setup', accept, ours, end]],
		['an empty setup', ['config setup', '\t#logfile=/x', '', theirs], ['+', begin, 'config setup', accept, end]],
		[
			'a setup of its own, at whose end they stand',
			['config setup', '\tlogfile=/x', '# on', '\tuniqueids=yes', '', theirs],
			['config setup', '\tlogfile=/x', '# on', '\tuniqueids=yes', begin, accept, end, '', theirs],
		],
		[
			'two, of which the first that says anything counts',
			['config setup', 'conn a', '\tleft=1.2.3.4', 'config setup', '\tlogfile=/x', 'config setup', accept],
			[
				...[
					'config setup',
					'conn a',
					'\tleft=1.2.3.4',
					'config setup',
					'\tlogfile=/x',
					begin,
					accept,
					end,
					'config setup',
					accept,
				],
				...[begin, ours, end],
			],
		],
		['the same said already', ['config setup', '\tIKEv1-Policy = accept ', theirs], ['+']],
		[
			'another word for it, behind which they stand',
			['config setup', '\tikev1-policy=accept', '\tikev1-policy=drop', theirs],
			['config setup', '\tikev1-policy=accept', '\tikev1-policy=drop', begin, accept, end, theirs],
		],
		[
			'a block of ours where it does not count',
			['config setup', '\tlogfile=/x', begin, 'config setup', accept, ours, end],
			['config setup', '\tlogfile=/x', begin, accept, end, begin, ours, end],
			['config setup', '\tlogfile=/x'],
		],
		[
			'a block that has lost its end',
			['config setup', '\tlogfile=/x', begin, 'config setup', accept, ours, '', 'conn office', '\tleft=1.2.3.4'],
			['config setup', '\tlogfile=/x', begin, accept, end, '', 'conn office', '\tleft=1.2.3.4', begin, ours, end],
			['config setup', '\tlogfile=/x', '', 'conn office', '\tleft=1.2.3.4'],
		],
		[
			'a block in which somebody has written, which is ours up to its end',
			['config setup', '\tlogfile=/x', begin, '# a remark', accept, end, theirs],
			['config setup', '\tlogfile=/x', begin, accept, end, theirs],
			['config setup', '\tlogfile=/x', theirs],
		],
		[
			'one that has lost its end before another',
			['config setup', '\tlogfile=/x', begin, accept, '# theirs', 'conn office', begin, ours, end],
			['config setup', '\tlogfile=/x', begin, accept, end, '# theirs', 'conn office', begin, ours, end],
			['config setup', '\tlogfile=/x', '# theirs', 'conn office'],
		],
	])('are put where the daemon reads them, and come away again: %s', (_, before, after, owners) => {
		if (before.length > 0) router.write('etc/ipsec.conf', before);
		const [first, ...more] = after;
		const wanted = first === '+' ? [...before, ...more] : after;

		expect(run(`${put}; ${standing}`)).toEqual(['stands']);
		expect(conf()).toEqual(wanted);
		run(put);
		expect(conf()).toEqual(wanted);
		run('remove_block "$main_conf"');
		expect(conf()).toEqual(owners ?? before);
	});

	it('do not stand where the owner has since said something before them', () => {
		router.write('etc/ipsec.conf', ['config setup', theirs]);
		run(put);
		router.write('etc/ipsec.conf', ['config setup', '\tlogfile=/x', ...conf().slice(1)]);

		expect(run(`${standing}; set_by_us "$main_conf"`)).toEqual([]);
		expect(run(`${put}; ${standing}; set_by_us "$main_conf"`)).toEqual(['stands', 'ikev1-policy=accept']);
	});

	it('stand wherever the owner moved them, as long as they count', () => {
		router.write('etc/ipsec.conf', [begin, 'config setup', accept, end, theirs, '# a remark behind all']);

		expect(run(standing)).toEqual(['stands']);
	});

	it('are written where a link to the file leads, and the link stays', () => {
		router.write('etc/managed/ipsec.conf', ['config setup', theirs]);
		symlinkSync('managed/ipsec.conf', join(router.root, 'etc/ipsec.conf'));

		run(put);

		expect(readlinkSync(join(router.root, 'etc/ipsec.conf'))).toBe('managed/ipsec.conf');
		expect(conf()).toContain(accept);
	});

	it.each<[string, Record<string, string[]>, string[]]>([
		['the main file', { 'etc/ipsec.conf': ['config setup', '\tlogfile=/x', theirs] }, []],
		['no file', { 'etc/ipsec.conf': ['config setup', theirs] }, []],
		[
			'a file that is included before ours',
			{
				'etc/ipsec.conf': ['config setup', theirs, 'config setup', accept],
				'etc/ipsec.d/a.conf': ['config setup', '', '\tlogfile=/x'],
			},
			['/etc/ipsec.d/a.conf:3'],
		],
		[
			'a file that such a file includes',
			{
				'etc/ipsec.conf': [theirs, 'config setup', accept],
				'etc/ipsec.d/a.conf': ['include /etc/vpn/b.conf'],
				'etc/vpn/b.conf': ['config setup', '\tlogfile=/x'],
			},
			['/etc/vpn/b.conf:2'],
		],
		[
			'a file that is included before ours, and says the same',
			{ 'etc/ipsec.conf': [theirs, 'config setup', accept], 'etc/ipsec.d/a.conf': ['config setup', '\tlogfile=/x', accept] },
			[],
		],
		[
			'a file that is included behind ours',
			{ 'etc/ipsec.conf': ['config setup', accept, theirs], 'etc/ipsec.d/a.conf': ['config setup', '\tlogfile=/x'] },
			[],
		],
		[
			'a file that includes itself',
			{ 'etc/ipsec.conf': [theirs], 'etc/ipsec.d/a.conf': [theirs, 'config setup', '\tx=1'] },
			['/etc/ipsec.d/a.conf:3'],
		],
	])('know whose setup the daemon reads: that of %s', (_, files, elsewhere) => {
		for (const [name, lines] of Object.entries(files)) router.write(name, lines);

		expect(run('setup_lost_to "$state/bundle" || true')).toEqual(elsewhere);
	});

	describe('whose change does not come to its end', () => {
		const secrets = ['# of the owner', '192.0.2.1 192.0.2.9 : PSK "the key of the owner"', '', ''];
		const now = () => readFileSync(join(router.root, 'etc/ipsec.secrets'), 'utf8').split('\n').slice(0, -1);
		const puts = 'put_block "$main_secrets" secrets "$state/bundle"';
		const dying = 'awk() { command awk "$@" | head -c 30; return 137; }';

		it('are as they were where awk dies in its midst', () => {
			router.write('etc/ipsec.secrets', secrets);

			run(`${dying}; ! ${puts} || echo changed`);
			expect(now()).toEqual(secrets);

			run(puts);
			const changed = now();
			expect(changed).toEqual([...secrets, begin, 'include /etc/ipsec.d/s2s.secrets', end]);
			run(`${dying}; ! remove_block "$main_secrets" || echo changed`);
			expect(now()).toEqual(changed);

			run('remove_block "$main_secrets"');
			expect(now()).toEqual(secrets);
		});

		it('are on the disk before they have their name, which some file systems know sooner: a loss of power would leave them empty', () => {
			router.write('etc/ipsec.secrets', secrets);
			router.command('sync', 'cd "$S2S_ROOT/etc"; set -- ipsec.secrets.s2s-new.*; cat "$1" >>synced; cat ipsec.secrets >>before');

			run(puts);

			expect(run('cat "$S2S_ROOT/etc/synced"')).toEqual(now().filter((line) => line !== ''));
			expect(run('cat "$S2S_ROOT/etc/before"')).toEqual(secrets.filter((line) => line !== ''));
		});
	});
});
