import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logEvidence } from '../../functions/domain/diagnosis/log-evidence.ts';
import { routerLibrary } from '../../router/build.ts';
import { atLength } from '../support/at-length.ts';
import { awks } from '../support/awks.ts';
import { type DaemonLog, daemonLogs, foreignLines, id, peer } from '../support/daemon-logs.ts';

const idOf = (n: number) => `vpnc-${String(n + 1_000).padStart(17, '0')}`;
const peerOf = (n: number) => `10.0.${n >> 8}.${n & 255}`;

describe.each(awks)('the reasons that a router reads in its log with $name', ({ argv }) => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-reasons-'));
		mkdirSync(join(dir, 'var/log'), { recursive: true });
		mkdirSync(join(dir, 'bin'));
		writeFileSync(join(dir, 'bin/awk'), `#!/bin/sh\nexec ${argv.join(' ')} "$@"\n`, { mode: 0o755 });
		symlinkSync('/bin/true', join(dir, 'bin/journalctl'));
		writeFileSync(join(dir, 'bundle'), `connection ${id} revision=1 peer=${peer}\npair 1 10.2.0.0/24\nend\n`);
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	const ran = (command: string): string => {
		const PATH = `${join(dir, 'bin')}:${process.env['PATH']}`;
		const done = spawnSync('sh', ['-c', `${routerLibrary()}\n${command}`], {
			encoding: 'utf8',
			env: { PATH, S2S_PATH: PATH, S2S_ROOT: dir },
			maxBuffer: 1e8,
		});
		expect(done.stderr).toBe('');
		return done.stdout.trim();
	};
	const write = (name: string, lines: readonly string[]) =>
		writeFileSync(join(dir, name), lines.map((one) => `${one}\n`).join(''));
	const log = (lines: readonly string[]) =>
		write(
			'var/log/pluto.log',
			lines.map((line) => `Nov 24 03:33:48.225532: ${line}`),
		);
	/** The reasons of many connections, each with a peer and lines of its own. */
	const reasonsOf = (logs: readonly (readonly string[])[], { printed, isLogged }: { printed: boolean; isLogged: boolean }) => {
		const each = logs.flatMap((lines, n) => lines.map((text) => text.replaceAll(id, idOf(n)).replaceAll(peer, peerOf(n))));
		write('bundles', [...logs.map((_, n) => `connection ${idOf(n)} peer=${peerOf(n)}\npair 1 10.2.0.0/24`), 'end']);
		write(
			'printed',
			each.map((line) => `002 ${line}`),
		);
		log(isLogged ? each : []);
		const told = ran(`reasons_of ${dir}/bundles ${printed ? `${dir}/printed` : '-'} $(bundle_ids ${dir}/bundles)`);
		const reasons = new Map(told.split('\n').map((one): [string, string] => [one.slice(0, id.length), one.slice(id.length + 1)]));
		return logs.map((_, n) => reasons.get(idOf(n)) ?? '');
	};
	const told = (logs: readonly DaemonLog[], how: { printed: boolean; isLogged: boolean }) =>
		reasonsOf(
			logs.map(({ lines }) => lines),
			how,
		).map((reasons, n) => `${logs[n]?.what}: ${reasons}`);
	const wanted = (logs: readonly DaemonLog[]) => logs.map(({ what, reasons }) => `${what}: ${reasons}`);

	it('tell of what its daemon logged', () => {
		expect(told(daemonLogs, { printed: false, isLogged: true })).toEqual(wanted(daemonLogs));
	});

	it('are not of what it logged of others', () => {
		log(foreignLines);
		write('bundle', [`connection ${id} peer=${peer}`, 'pair 1 10.2.0.0/24', 'end']);

		expect(ran(`reasons_of ${dir}/bundle - ${id}`)).toBe('');
	});

	it.each([true, false])('are the same where an initiation printed the lines; logged as well: %s', (isLogged) => {
		const initiated = daemonLogs.filter((one) => one.initiated);

		expect(told(initiated, { printed: true, isLogged })).toEqual(wanted(initiated));
	});

	it('tell of an initiation that was begun and of which no more is known that the peer is not heard', () => {
		writeFileSync(join(dir, 'printed'), `002 "${id}-1" #1: initiating Main Mode\n`);
		log([]);
		expect(ran(`reason_of_initiation ${dir}/bundle ${id} ${dir}/printed`)).toBe('peer-unreachable');

		writeFileSync(join(dir, 'printed'), 'whack: Pluto is not running (no "/run/pluto/pluto.ctl")\n');
		expect(ran(`reason_of_initiation ${dir}/bundle ${id} ${dir}/printed`)).toBe('');
	});

	it('are what the evidence of a diagnosis begins with, whatever lines come in whatever order', () => {
		const samples = daemonLogs.flatMap(({ lines }) => lines);
		const line = fc
			.tuple(fc.constantFrom(...samples), fc.integer({ min: 1, max: 3 }))
			.map(([text, state]) => text.replace(/#[0-9]+:/, `#${state}:`));
		const logs = fc.sample(fc.array(line, { minLength: 1, maxLength: 12 }), atLength ? 4_000 : 400);

		const reasons = reasonsOf(logs, { printed: false, isLogged: true });

		for (const [n, lines] of logs.entries()) {
			const [first] = logEvidence(lines.map((text) => ({ text })));
			const begins = lines.findLastIndex((text) => /initiating (IKEv|Main|v2)/.test(text));
			// Of an attempt before the present one, which has no evidence yet.
			const isOver = first !== undefined && reasons[n] === '' && lines.lastIndexOf(first.line.text) < begins;
			expect(isOver ? '' : (first?.code ?? ''), lines.join('\n')).toBe(reasons[n]?.split(',')[0]);
		}
		expect(reasons.filter((one) => one !== '').length).toBeGreaterThan(logs.length / 2);
	});
});
