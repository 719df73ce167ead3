import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTooOld } from '../../functions/domain/model/router-answer.ts';
import { routerDocument, routerLibrary } from '../../router/build.ts';

const names = ['apply', 'check', 'logs'] as const;

describe('what runs on a router', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-shell-'));
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it.each([...names.map((name) => [name, routerDocument(name)]), ['the library', routerLibrary()]])(
		'%s is clean under shellcheck, as it is sent',
		(name, text) => {
			const file = join(dir, `${name}.sh`);
			writeFileSync(file, `#!/bin/sh\n${text}`);

			const ran = spawnSync('shellcheck', ['--shell=sh', '--severity=warning', '--exclude=SC1090,SC1091,SC2034,SC2154', file], {
				encoding: 'utf8',
			});

			expect(ran.stdout).toBe('');
			expect(ran.status).toBe(0);
		},
	);

	it.each(names)('does nothing if the agent has passed it no variables: %s', (name) => {
		const S2S_ROOT = join(dir, `root of ${name}`);
		const ran = spawnSync('sh', ['-c', routerDocument(name)], { encoding: 'utf8', env: { PATH: process.env['PATH'], S2S_ROOT } });

		expect(ran.status).not.toBe(0);
		expect(ran.stderr).toContain(agentTooOld);
		expect(ran.stdout).toBe('');
	});

	it('is on the router exactly as in the repository once apply has run', () => {
		const S2S_ROOT = join(dir, 'root');
		spawnSync('sh', ['-c', routerDocument('apply')], { env: { PATH: process.env['PATH'], S2S_ROOT } });

		expect(readFileSync(join(S2S_ROOT, 'opt/s2s/lib.sh'), 'utf8')).toBe(routerLibrary());
	});

	it('keeps the previous library if the new one cannot be written', () => {
		const S2S_ROOT = join(dir, 'full');
		mkdirSync(join(S2S_ROOT, 'opt/s2s/lib.sh.new'), { recursive: true });
		writeFileSync(join(S2S_ROOT, 'opt/s2s/lib.sh'), 'before');

		const ran = spawnSync('sh', ['-c', routerDocument('apply')], {
			encoding: 'utf8',
			env: { PATH: process.env['PATH'], S2S_ROOT },
		});

		expect(ran.status).not.toBe(0);
		expect(readFileSync(join(S2S_ROOT, 'opt/s2s/lib.sh'), 'utf8')).toBe('before');
	});

	it('parses in every shell that a router may have as sh', () => {
		for (const folder of ['router', 'router/lib']) {
			for (const name of readdirSync(folder).filter((one) => one.endsWith('.sh'))) {
				const file = join(folder, name);
				for (const shell of ['sh', 'bash']) expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr, file).toBe('');
			}
		}
	});
});
