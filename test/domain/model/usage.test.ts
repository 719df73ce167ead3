import { describe, expect, it } from 'vitest';
import { hourOf, usageAfter } from '../../../functions/domain/model/usage.ts';

const at = (clock: string) => new Date(`2026-11-24T${clock}.000Z`);
const hour = (hours: number) => `2026-11-24T${String(hours).padStart(2, '0')}:00:00.000Z`;
const counters = (clock: string, raw = 100, bytes = 1_000) => ({
	rawIn: raw,
	rawOut: raw * 2,
	bytesIn: bytes,
	bytesOut: bytes * 2,
	at: at(clock).toISOString(),
});
const written = (current: Parameters<typeof usageAfter>[0], clock: string, bytesIn: number, bytesOut: number) =>
	usageAfter(current, { bytesIn, bytesOut, now: at(clock), intervalSeconds: 30 });

describe('the bytes of a connection', () => {
	it('are written with the first that there are, in the hour that it is', () => {
		expect(written(undefined, '10:20:00', 7, 9)).toEqual({
			counters: { rawIn: 7, rawOut: 9, bytesIn: 7, bytesOut: 9, at: at('10:20:00').toISOString() },
			hours: [{ hour: hour(10), bytesIn: 7, bytesOut: 9 }],
		});
	});

	it.each([
		['nothing', 100, 200, false],
		['something in', 101, 200, true],
		['something out', 100, 201, true],
	])('are due where it carried %s', (_what, bytesIn, bytesOut, due) => {
		expect(written(counters('10:00:00'), '10:20:00', bytesIn, bytesOut) !== undefined).toBe(due);
	});

	it.each([
		['10:00:00', '10:14:59', false],
		['10:00:00', '10:15:00', true],
		['10:50:00', '10:59:59', false],
		['10:50:00', '11:00:00', true],
	])('written at %s are due at %s: %s, each quarter of an hour and with each hour', (last, clock, due) => {
		expect(written(counters(last), clock, 150, 300) !== undefined).toBe(due);
	});

	it('are what the router counts more than before, or all of it where it began anew', () => {
		expect(written(counters('10:00:00'), '10:20:00', 150, 20)?.counters).toEqual({
			rawIn: 150,
			rawOut: 20,
			bytesIn: 1_050,
			bytesOut: 2_020,
			at: at('10:20:00').toISOString(),
		});
	});

	it('that came over the end of an hour are parted by time', () => {
		expect(written(counters('10:54:00'), '11:06:00', 300, 210)?.hours).toEqual([
			{ hour: hour(10), bytesIn: 100, bytesOut: 5 },
			{ hour: hour(11), bytesIn: 100, bytesOut: 5 },
		]);
		expect(written(counters('10:59:59'), '11:15:00', 101, 200)?.hours).toEqual([{ hour: hour(11), bytesIn: 1, bytesOut: 0 }]);
		expect(written(counters('10:59:59'), '11:15:00', 100, 201)?.hours).toEqual([{ hour: hour(11), bytesIn: 0, bytesOut: 1 }]);
	});

	it('are all of one hour where the last were written in it', () => {
		expect(written(counters('11:00:00'), '11:15:00', 101, 201)?.hours).toEqual([{ hour: hour(11), bytesIn: 1, bytesOut: 1 }]);
	});

	it('are of the last interval where nothing had moved for longer than a quarter of an hour and two of them', () => {
		const last = counters('10:44:15');

		expect(written(last, '11:00:15', 200, 400)?.hours).toEqual([
			{ hour: hour(10), bytesIn: 98, bytesOut: 197 },
			{ hour: hour(11), bytesIn: 2, bytesOut: 3 },
		]);
		expect(written(counters('10:44:14'), '11:00:15', 200, 400)?.hours).toEqual([
			{ hour: hour(10), bytesIn: 50, bytesOut: 100 },
			{ hour: hour(11), bytesIn: 50, bytesOut: 100 },
		]);
	});

	it('are of the hour that began before', () => {
		expect(hourOf(at('10:59:59').getTime())).toBe(hour(10));
		expect(hourOf(at('11:00:00').getTime())).toBe(hour(11));
	});
});

describe('what the pings of a probe met', () => {
	const good = { lossPercent: 0, rttMs: 12 };
	const read = (
		current: Parameters<typeof usageAfter>[0],
		clock: string,
		reading?: typeof good | { lossPercent: number },
		bytesIn = 100,
	) => usageAfter(current, { bytesIn, bytesOut: 200, ...(reading && { reading }), now: at(clock), intervalSeconds: 30 });

	it('is written at once where nothing is known of it yet, and then each quarter of an hour with the counters', () => {
		expect(read(counters('10:00:00'), '10:00:30', good)).toEqual({
			counters: { ...counters('10:00:30'), reading: good },
			hours: [],
		});
		const known = { ...counters('10:00:00'), reading: good };
		expect(read(known, '10:14:59', { lossPercent: 100 }, 184)).toBeUndefined();
		expect(read(known, '10:15:00', { lossPercent: 100 }, 184)?.counters).toMatchObject({
			bytesIn: 1_084,
			reading: { lossPercent: 100 },
		});
	});

	it('is never written again while it is the same and nothing is carried', () => {
		const known = { ...counters('10:00:00'), reading: good };

		expect(read(known, '10:15:00', { ...good })).toBeUndefined();
		expect(read(known, '23:15:00', { ...good })).toBeUndefined();
		expect(read(known, '10:15:00', { ...good, rttMs: 13 })?.counters.reading).toEqual({ ...good, rttMs: 13 });
	});

	it('is gone from the counters once it is no longer known', () => {
		expect(read({ ...counters('10:00:00'), reading: good }, '10:15:00', undefined, 184)?.counters).not.toHaveProperty('reading');
	});
});
