import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEvidence } from '../../../functions/domain/diagnosis/log-evidence.ts';
import { logLines } from '../../../functions/domain/diagnosis/log-lines.ts';

const now = new Date('2026-11-27T09:00:00Z');
const read = (lines: readonly string[], since?: string) =>
	logLines(`${[...lines, 's2s-logs-end'].join('\n')}\n`, since === undefined ? { now } : { now, since });
const texts = (lines: readonly string[], since?: string) => read(lines, since)?.map(({ text }) => text);
const timeOf = (line: string) => read([line])?.[0]?.at;

describe('the lines of a router’s log', () => {
	it.each([
		['pluto’s own file', 'Nov 24 03:33:48.225532: "x"', '2026-11-24T03:33:48.225Z'],
		['syslog', 'Nov  4 03:33:48 r1 pluto[7]: "x"', '2026-11-04T03:33:48.000Z'],
		['syslog, of the last year', 'Dec 31 23:59:59 r1 pluto[7]: "x"', '2025-12-31T23:59:59.000Z'],
		['syslog, of a clock that is ahead', 'Nov 28 08:59:59 r1 pluto[7]: "x"', '2026-11-28T08:59:59.000Z'],
		['the journal', '2026-11-24T03:33:48+0000 r1 pluto[7]: "x"', '2026-11-24T03:33:48.000Z'],
		['the journal, of another zone', '2026-11-24T03:33:48-0330 r1 pluto[7]: "x"', '2026-11-24T07:03:48.000Z'],
		['RFC 3339 with a fraction', '2026-11-27T07:00:00.904878+00:00 r1 pluto[7]: "x"', '2026-11-27T07:00:00.904Z'],
		['RFC 3339 with a short fraction', '2026-11-27T07:00:00.5+02:00 r1 pluto[7]: "x"', '2026-11-27T05:00:00.500Z'],
		['RFC 3339 in UTC', '2026-11-27T07:00:00Z r1 pluto[7]: "x"', '2026-11-27T07:00:00.000Z'],
		['RFC 3339 in UTC with a fraction', '2026-11-27T07:00:00.000001Z r1 pluto[7]: "x"', '2026-11-27T07:00:00.000Z'],
	])('have the time of %s', (_of, line, at) => {
		expect(timeOf(line)).toBe(at);
	});

	it.each([
		'2026-99-99T07:00:00Z r1 pluto[7]: "x"',
		'2026-02-30T07:00:00Z r1 pluto[7]: "x"',
		'2026-11-27T24:00:00Z r1 pluto[7]: "x"',
		'2026-11-27T07:60:00.1+00:00 r1 pluto[7]: "x"',
		'2026-11-27 07:00:00 "x"',
		'Nov 31 07:00:00 r1 pluto[7]: "x"',
		'Nov 27 07:00:99 r1 pluto[7]: "x"',
		'Foo 27 07:00:00 r1 pluto[7]: "x"',
		'"x" #1: initiating Main Mode',
	])('have none where no clock shows it: %s', (line) => {
		expect(read([line])).toEqual([{ text: line }]);
	});

	it('come in the order of their time, whatever file they are of', () => {
		expect(
			texts([
				'2026-11-27T08:00:01.5Z second',
				'Nov 27 08:00:02 r1 third',
				'2026-11-27T10:00:00+0200 first',
				'Nov 27 08:00:03.000001: last',
			]),
		).toEqual([
			'2026-11-27T10:00:00+0200 first',
			'2026-11-27T08:00:01.5Z second',
			'Nov 27 08:00:02 r1 third',
			'Nov 27 08:00:03.000001: last',
		]);
	});

	it('keep their order where they tell no time', () => {
		fc.assert(
			fc.property(fc.array(fc.stringMatching(/^"x" #[1-9]: [a-z ]{1,20}$/)), (lines) => {
				expect(texts(lines)).toEqual(lines);
				expect(texts(lines, '2026-11-27T08:00:00Z')).toEqual(lines);
			}),
		);
	});

	it('stay behind the line that they came after where only some tell a time', () => {
		const lines = ['begin', 'Nov 27 08:00:02 r1 late', 'goes on', 'Nov 27 08:00:01 r1 early', 'goes on as well'];
		expect(read(lines)).toEqual([
			{ text: 'begin' },
			{ at: '2026-11-27T08:00:01.000Z', text: 'Nov 27 08:00:01 r1 early' },
			{ text: 'goes on as well' },
			{ at: '2026-11-27T08:00:02.000Z', text: 'Nov 27 08:00:02 r1 late' },
			{ text: 'goes on' },
		]);
	});

	it('are read whatever date they bear, and none is lost', () => {
		const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
		const line = fc
			.tuple(two, two, two, two, two, fc.constantFrom('Z', '.5Z', '+99:99', '-00:00', ''))
			.map(([month, day, hours, minutes, seconds, zone]) => `2026-${month}-${day}T${hours}:${minutes}:${seconds}${zone} x`);
		fc.assert(
			fc.property(fc.array(line), (lines) => {
				expect(texts(lines)?.toSorted()).toEqual(lines.toSorted());
			}),
		);
	});

	it('are those from the time that is asked for on', () => {
		const lines = ['Nov 27 07:59:59 r1 before', '2026-11-27T08:00:00.000Z then', 'Nov 27 08:00:01 r1 after'];
		expect(texts(lines, '2026-11-27T08:00:00Z')).toEqual(lines.slice(1));
	});

	it('tell nothing of a failure that is older than the tunnel, in whatever form its time is', () => {
		const failure = (time: string) =>
			`${time} r1 pluto[9]: "x" #1: probable authentication failure (mismatch of preshared secrets?)`;
		const up = (time: string) => `${time} r1 pluto[9]: "x" #2: STATE_QUICK_I2: sent QI2, IPsec SA established tunnel mode`;
		for (const [before, after] of [
			['2026-11-27T07:00:00.904878+00:00', '2026-11-27T08:00:00+0000'],
			['2026-11-27T07:00:00.904878Z', 'Nov 27 08:00:00'],
			['Nov 27 07:00:00', '2026-11-27T08:00:00.1Z'],
			['2026-11-27T09:30:00+02:00', '2026-11-27T08:00:00Z'],
		] as const) {
			expect(logEvidence(read([up(after), failure(before)]) ?? []), `${before} ${after}`).toEqual([]);
			expect(logEvidence(read([up(before), failure(after)]) ?? [])).toHaveLength(1);
		}
	});

	it('are none where the answer is not whole', () => {
		expect(logLines('Nov 27 08:00:00 r1 cut', { now })).toBeUndefined();
	});
});
