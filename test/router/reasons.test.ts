import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daemonLogs, id } from '../support/daemon-logs.ts';

describe('the reasons that a router finds in its log', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-reasons-'));
		mkdirSync(join(dir, 'var/log'), { recursive: true });
		writeFileSync(join(dir, 'bundle'), `connection ${id} revision=1 peer=192.0.2.2\npair 1 10.2.0.0/24\nend\n`);
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it.each(daemonLogs)('include the right one for %s', (_what, lines, reason) => {
		writeFileSync(join(dir, 'var/log/pluto.log'), `${lines.map((line) => `Nov 24 03:33:48.225532: ${line}`).join('\n')}\n`);
		const script = `root=${dir}; . router/lib/reasons.sh; reasons_of ${dir}/bundle - ${id}`;

		const ran = spawnSync('sh', ['-c', script], { encoding: 'utf8' });

		expect(ran.stderr).toBe('');
		expect(ran.stdout.trim()).toBe(reason === '' ? '' : `${id} ${reason}`);
	});
});
