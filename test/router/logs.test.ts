import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerDocument } from '../../router/build.ts';

const id = 'vpnc-00000000000000001';

describe('what a router shows of its log', () => {
	let root: string;
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), 's2s-logs-'));
		for (const folder of ['var/log', 'etc', 'proc']) mkdirSync(join(root, folder), { recursive: true });
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	const shown = (line: string): string => {
		writeFileSync(join(root, 'var/log/pluto.log'), `Nov 24 03:33:48.225532: "${id}-1" #1: ${line}\n`);
		const env = { PATH: process.env['PATH'], S2S_ROOT: root, SSM_ConnectionId: id, SSM_Limit: '10', SSM_Probe: '0' };
		const ran = spawnSync('sh', ['-c', routerDocument('logs')], { encoding: 'utf8', env });
		expect(ran.stderr).toBe('');
		expect(ran.stdout).toMatch(/\ns2s-logs-end\n$/);
		return ran.stdout;
	};

	it.each([
		['in quotes', ': PSK "a key with spaces"'],
		['as base64', 'secret is 0sYSBrZXkgd2l0aCBzcGFjZXM='],
		['after a colon', 'secret: a-key-without-spaces'],
	])('has no key that stands there %s', (_, line) => {
		expect(shown(line)).not.toMatch(/a key with spaces|YSBrZXkg|a-key-without/);
	});

	it('has no part of a key that stands where a long line is cut', () => {
		for (let before = 380; before < 520; before += 9) {
			const text = shown(`${'x'.repeat(before - 60)} PSK "first second third fourth"`);
			expect(text).not.toMatch(/second|third|fourth/);
		}
	});
});
