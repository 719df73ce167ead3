import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logEvidence } from '../../functions/domain/diagnosis/log-evidence.ts';
import { atLength } from '../support/at-length.ts';
import { awks } from '../support/awks.ts';
import { type DaemonLog, daemonLogs, foreignLines, id, peer } from '../support/daemon-logs.ts';
import { routerShell } from '../support/router-shell.ts';

/** Whether an initiation printed the lines, whether they are in the log, and what stands there before them. */
type How = { printed: boolean; isLogged: boolean; before?: readonly string[] };

const idOf = (n: number) => `vpnc-${String(n + 1_000).padStart(17, '0')}`;
const peerOf = (n: number) => `10.0.${n >> 8}.${n & 255}`;

describe.each(awks)('the reasons that a router reads in its log with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
		router.write('bundle', [`connection ${id} revision=1 peer=${peer}`, 'pair 1 10.2.0.0/24', 'end']);
	});
	afterAll(() => router.remove());

	const ran = (command: string): string => {
		const { stdout, stderr } = router.run(`cd "$S2S_ROOT"; ${command}`);
		expect(stderr).toBe('');
		return stdout.trim();
	};
	const log = (lines: readonly string[]) =>
		router.write(
			'var/log/pluto.log',
			lines.map((line) => `Nov 24 03:33:48.225532: ${line}`),
		);
	/** The reasons of many connections, each with a peer and lines of its own. */
	const reasonsOf = (logs: readonly (readonly string[])[], { printed, isLogged, before = [] }: How) => {
		const of = (lines: readonly string[], n: number) =>
			lines.map((text) => text.replaceAll(id, idOf(n)).replaceAll(peer, peerOf(n)));
		const each = logs.flatMap(of);
		router.write('bundles', [...logs.map((_, n) => `connection ${idOf(n)} peer=${peerOf(n)}\npair 1 10.2.0.0/24`), 'end']);
		router.write(
			'printed',
			each.map((line) => `002 ${line}`),
		);
		log([...logs.flatMap((_, n) => of(before, n)), ...(isLogged ? each : [])]);
		const told = ran(`reasons_of bundles ${printed ? `printed` : '-'} $(bundle_ids bundles)`);
		const reasons = new Map(told.split('\n').map((one): [string, string] => [one.slice(0, id.length), one.slice(id.length + 1)]));
		return logs.map((_, n) => reasons.get(idOf(n)) ?? '');
	};
	const told = (logs: readonly DaemonLog[], how: How) =>
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

		expect(ran(`reasons_of bundle - ${id}`)).toBe('');
	});

	const before = [`"${id}-1" #9: IPsec SA established tunnel mode`, `"${id}-1" #9: DPD action - putting connection into hold`];
	it.each([
		['all of it is logged as well', before, true],
		['nothing is logged', [], false],
		['only what was before is logged', before, false],
	])('are the same where an initiation printed the lines and %s', (_what, older, isLogged) => {
		const initiated = daemonLogs.filter((one) => one.initiated);

		expect(told(initiated, { printed: true, isLogged, before: older })).toEqual(wanted(initiated));
	});

	it('tell of an initiation that was begun and of which no more is known that the peer is not heard', () => {
		router.write('printed', [`002 "${id}-1" #1: initiating Main Mode`]);
		log([]);
		expect(ran(`reason_of_initiation bundle ${id} printed`)).toBe('peer-unreachable');

		router.write('printed', ['whack: Pluto is not running (no "/run/pluto/pluto.ctl")']);
		expect(ran(`reason_of_initiation bundle ${id} printed`)).toBe('');
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
