import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTooOld } from '../../functions/domain/model/router-answer.ts';
import { routerDocument, routerLibrary, routerScripts } from '../../router/build.ts';

const names = ['apply', 'check', 'logs', 'inspect'] as const;

describe('what runs on a router', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-shell-'));
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it.each([
		...names.map((name) => [name, routerDocument(name)]),
		// With the library before it, which it is run after.
		['what apply does', `${routerLibrary()}${routerScripts().apply}`],
	])('%s is clean under shellcheck, as it is sent', (name, text) => {
		const file = join(dir, `${name}.sh`);
		writeFileSync(file, `#!/bin/sh\n${text}`);

		// dash, bash and busybox know -ef.
		const ran = spawnSync(
			'shellcheck',
			['--shell=sh', '--severity=warning', '--exclude=SC1090,SC1091,SC2034,SC2154,SC3013', file],
			{
				encoding: 'utf8',
			},
		);

		expect(ran.stdout).toBe('');
		expect(ran.status).toBe(0);
	});

	it.each(names)('does nothing if the agent has passed it no variables: %s', (name) => {
		const S2S_ROOT = join(dir, `root of ${name}`);
		const ran = spawnSync('sh', ['-c', routerDocument(name)], { encoding: 'utf8', env: { PATH: process.env['PATH'], S2S_ROOT } });

		expect(ran.status).not.toBe(0);
		expect(ran.stderr).toContain(agentTooOld);
		expect(ran.stdout).toBe('');
	});

	it('is small where it only calls what is installed, and leaves room for a bundle where it carries that', () => {
		expect(routerDocument('check').length).toBeLessThan(1_000);
		expect(routerDocument('logs').length).toBeLessThan(1_000);
		expect(JSON.stringify(routerDocument('inspect').split('\n')).length).toBeLessThan(40_000);
		expect(JSON.stringify(routerDocument('apply').split('\n')).length).toBeLessThan(40_000);
	});

	it('is prepared by a guide whose commands every shell can read', () => {
		const blocks = [...readFileSync('docs/aws-router.md', 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);

		expect(blocks.length).toBeGreaterThan(5);
		for (const text of blocks)
			for (const shell of ['sh', 'bash'])
				expect(spawnSync(shell, ['-n'], { encoding: 'utf8', input: text }).stderr, text).toBe('');
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
