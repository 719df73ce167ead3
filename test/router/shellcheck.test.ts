import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerDocument } from '../../router/build.ts';

const names = ['apply', 'check', 'logs'] as const;

describe('what runs on a router', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-shell-'));
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it.each(names)('%s is clean under shellcheck, as it is sent', (name) => {
		const file = join(dir, `${name}.sh`);
		writeFileSync(file, `#!/bin/sh\n${routerDocument(name)}`);

		const ran = spawnSync('shellcheck', ['--shell=sh', '--severity=warning', '--exclude=SC1090,SC1091,SC2034,SC2154', file], {
			encoding: 'utf8',
		});

		expect(ran.stdout).toBe('');
		expect(ran.status).toBe(0);
	});

	it.each(names)('%s fits a Systems Manager document', (name) => {
		expect(Buffer.byteLength(routerDocument(name))).toBeLessThan(name === 'apply' ? 40_000 : 60_000);
	});

	it('parses with every shell that a router may have as sh', () => {
		for (const folder of ['router', 'router/lib']) {
			for (const name of readdirSync(folder).filter((one) => one.endsWith('.sh'))) {
				const file = join(folder, name);
				for (const shell of ['sh', 'bash']) expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr, file).toBe('');
			}
		}
	});
});
