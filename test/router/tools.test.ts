import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerLacks } from '../../functions/domain/model/router-answer.ts';
import { routerDocument } from '../../router/build.ts';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const named = ['flock', 'timeout', 'iptables-restore', 'cmp', 'gzip', 'base64'];
const others = ['ipsec', 'ip', 'iptables-save', 'awk', 'sed', 'grep', 'sort', 'cksum', 'sha256sum', 'pidof'];

const [awk = { argv: ['mawk'] }] = awks;

describe('a router that lacks a tool', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-tools-'));
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	/** Runs the document on a router that has these tools and no other. */
	const apply = (tools: readonly string[]) => {
		const path = mkdtempSync(join(dir, 'bin-'));
		for (const tool of tools) writeFileSync(join(path, tool), '#!/bin/sh\n', { mode: 0o755 });
		symlinkSync('/bin/sh', join(path, 'sh'));
		const S2S_ROOT = join(path, 'root');
		const env = { PATH: path, S2S_PATH: path, S2S_ROOT, SSM_Bundle: 'x', SSM_Revision: '1-0123456789abcdef' };
		const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', routerDocument('apply')], { encoding: 'utf8', env });
		return { status, stdout, stderr, changed: existsSync(S2S_ROOT) };
	};

	it.each([...named, ...others])('is told so before anything is changed: %s', (tool) => {
		expect(apply([...named, ...others].filter((one) => one !== tool))).toEqual({
			status: 1,
			stdout: '',
			stderr: `${routerLacks}${tool}\n`,
			changed: false,
		});
	});

	it('is told all that is missing in one', () => {
		expect(apply(others).stderr).toBe(`${routerLacks}iptables-restore flock timeout cmp gzip base64\n`);
	});

	it('reports nothing that it cannot see', () => {
		const router = routerShell(awk.argv);
		// Of this machine, which has no daemon.
		const { stdout, stderr } = router.run('run_check');

		expect(stdout).toBe('');
		expect(stderr).toMatch(new RegExp(`^${routerLacks}ipsec`));
		router.remove();
	});
});

describe('a file that is put in place', () => {
	it('is whole or the one before, has its label restored after its rename, and leaves nothing beside it', () => {
		const router = routerShell(awk.argv);
		router.command('restorecon', 'echo "$*: $(cat "$2")" >>"$S2S_ROOT/labels"');

		const { lines } = router.run(
			`cd "$S2S_ROOT"; echo one | put_file file; echo two | put_file file; echo two | put_file file
			cat() { command cat; return 1; }; echo half | put_file file || echo failed
			unset -f cat; cat file labels; ls`,
		);

		expect(lines).toEqual(['failed', 'two', '-R file: one', '-R file: two', 'bin', 'file', 'labels']);
		router.remove();
	});
});
