import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

describe.each(awks)('the error in the files of a router’s owner, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('etc/ipsec.conf', [
			'# theirs',
			'config setup',
			'\tikev1-policy=accept',
			'\tleft=1.2.3.4',
			'include /etc/ipsec.d/*.conf',
		]);
		router.write('etc/ipsec.d/owner.conf', [
			'config setup',
			' salifetime = 1h',
			'conn a',
			'\tsalifetime=1h',
			'',
			'conn %default',
		]);
	});
	afterEach(() => router.remove());
	const found = (says: string, code = 3) => {
		router.command('ipsec', `cat <<'SAYS'\n${says}\nSAYS\nexit ${code}`);
		return router.run('foreign_error || echo none').lines;
	};

	it.each([
		[
			'Libreswan',
			"cannot load config '/etc/ipsec.conf': /etc/ipsec.d/owner.conf:12: syntax error [nosuch]",
			'/etc/ipsec.d/owner.conf:12: syntax error [nosuch]',
		],
		[
			'Libreswan, at the end of a line',
			"warning: could not open include filename: '/etc/x'\ncannot load config '/etc/ipsec.conf': /etc/ipsec.d/owner.conf:5: syntax error [\n]",
			'/etc/ipsec.d/owner.conf:5: syntax error [ ]',
		],
		[
			'Libreswan, of a value',
			'ERROR: /etc/ipsec.d/owner.conf: 4: keyword auto, invalid value: mabye',
			'/etc/ipsec.d/owner.conf:4: keyword auto, invalid value: mabye',
		],
		[
			'Openswan',
			"can not load config '/etc/ipsec.conf': /etc/ipsec.conf:7: syntax error, unexpected KEYWORD, expecting $end [auto]",
			'/etc/ipsec.conf:7: syntax error, unexpected KEYWORD, expecting $end [auto]',
		],
		[
			'Libreswan, of a keyword in the wrong section, whose line it does not tell',
			"cannot load config '/etc/ipsec.conf': unexpected keyword 'salifetime' in section 'config setup'",
			"/etc/ipsec.d/owner.conf:2: cannot load config '/etc/ipsec.conf': unexpected keyword 'salifetime' in section 'config setup'",
		],
		[
			'Libreswan, of an end there, for which it has no word',
			"cannot load config '/etc/ipsec.conf': unexpected keyword '' in section 'config setup'",
			"/etc/ipsec.conf:4: cannot load config '/etc/ipsec.conf': unexpected keyword '' in section 'config setup'",
		],
		['a checker that names no place', 'out of memory', '/etc/ipsec.conf:1: out of memory'],
	])('has its file and line, as %s words it', (_who, says, expected) => {
		expect(found(says)).toEqual([expected]);
	});

	it('is a last line without an end where the checker of Openswan crashes', () => {
		router.run(`printf 'conn b\\n\\tauto=add' >"$S2S_ROOT/etc/ipsec.d/half.conf"`);

		expect(found('', 139)).toEqual(['/etc/ipsec.d/half.conf:2: the last line has no end']);
	});

	it('is none where the checker has none', () => {
		expect(found('Warning: obsolete keyword', 0)).toEqual(['none']);
	});

	it('is found at the first line of a conn', () => {
		const at = (name: string) => router.run(`line_of '${name}'`).lines;

		expect([at('%default'), at('a'), at('b')]).toEqual([
			['/etc/ipsec.d/owner.conf:6'],
			['/etc/ipsec.d/owner.conf:3'],
			['/etc/ipsec.conf:1'],
		]);
	});
});
