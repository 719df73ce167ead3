import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/install.sh');
/** Installs nothing but the folder, and writes down that it was called. */
const npm = `#!/bin/sh
mkdir -p node_modules
echo "$*" >>calls
`;

describe('the installation of the packages', () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'install-'));
		for (const name of ['scripts', 'bin']) mkdirSync(join(dir, name));
		cpSync(script, join(dir, 'scripts/install.sh'));
		writeFileSync(join(dir, 'package-lock.json'), '{}');
		writeFileSync(join(dir, 'bin/npm'), npm);
		chmodSync(join(dir, 'bin/npm'), 0o755);
	});
	afterEach(() => rmSync(dir, { recursive: true }));

	const run = (engine: string) => {
		writeFileSync(join(dir, 'package.json'), JSON.stringify({ engines: { node: engine } }));
		const env = { ...process.env, PATH: `${join(dir, 'bin')}:${process.env['PATH']}` };
		const { status, stderr } = spawnSync('sh', [join(dir, 'scripts/install.sh')], { env, encoding: 'utf8' });
		const calls = join(dir, 'calls');
		return { status, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
	};

	it('runs once per lock file', () => {
		expect(run('>=20')).toMatchObject({ status: 0, calls: [expect.stringMatching(/^ci /)] });
		expect(run('>=20').calls).toHaveLength(1);

		writeFileSync(join(dir, 'package-lock.json'), '{ "name": "another" }');
		expect(run('>=20').calls).toHaveLength(2);
	});

	it('says which Node it needs if this one is too old, before it calls npm', () => {
		const { status, stderr, calls } = run('>=99');

		expect(status).toBe(1);
		expect(stderr).toBe(`Node 99 or later is needed to start; this is ${process.version}.\n`);
		expect(calls).toEqual([]);
	});
});
