import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counters, hourOf, usageAfter } from '../../../functions/domain/model/usage.ts';

const at = (clock: string) => new Date(`2026-11-24T${clock}.000Z`);
const intervalSeconds = 30;

/** Readings of a router's counters through a day, and what was written of them. */
const written = (readings: readonly [string, number, number][]) => {
	let counters: Counters | undefined;
	const hours: Record<string, number> = {};
	let writes = 0;
	for (const [clock, bytesIn, bytesOut] of readings) {
		const due = usageAfter(counters, { bytesIn, bytesOut, now: at(clock), intervalSeconds });
		if (due === undefined) continue;
		writes++;
		counters = due.counters;
		for (const { hour, bytesIn: more } of due.hours) hours[hour.slice(11, 13)] = (hours[hour.slice(11, 13)] ?? 0) + more;
	}
	return { counters, hours, writes };
};

describe('usage', () => {
	it('is written at most every 15 minutes, and never for an idle connection', () => {
		const busy = Array.from({ length: 59 }, (_, minute): [string, number, number] => [
			`10:${String(minute).padStart(2, '0')}:00`,
			(minute + 1) * 100,
			0,
		]);
		const idle = busy.map(([clock]): [string, number, number] => [clock, 500, 500]);

		expect(written(busy).writes).toBe(4);
		expect(written(idle).writes).toBe(1);
		expect(written([['10:00:00', 0, 0]]).writes).toBe(0);
	});

	it('keeps adding up when the counters restart, as after a reboot of the router', () => {
		const { counters } = written([
			['10:00:00', 1_000, 2_000],
			['10:20:00', 1_500, 2_500],
			['10:40:00', 200, 100],
		]);

		expect(counters).toMatchObject({ rawIn: 200, rawOut: 100, bytesIn: 1_700, bytesOut: 2_600 });
	});

	it('is booked in the hour in which the bytes were carried', () => {
		const { hours } = written([
			['10:00:30', 1_000, 0],
			['10:15:30', 2_000, 0],
			['10:30:30', 3_000, 0],
			['10:45:30', 4_000, 0],
			['11:00:30', 5_000, 0],
		]);

		expect(hours).toEqual({ '10': 4_967, '11': 33 });
	});

	it('is booked in the present hour after an idle night', () => {
		const { hours } = written([
			['03:00:30', 1_000, 0],
			['10:20:00', 9_000, 0],
		]);

		expect(hours).toEqual({ '03': 1_000, '10': 8_000 });
	});

	it('neither loses nor invents a byte, whenever checks come and counters restart', () => {
		const readings = fc.array(
			fc.record({ wait: fc.integer({ min: 10, max: 9_000 }), more: fc.nat(1_000_000), restarts: fc.boolean() }),
			{ maxLength: 60 },
		);
		fc.assert(
			fc.property(readings, (steps) => {
				let now = at('00:00:00').getTime();
				let raw = 0;
				let counters: Counters | undefined;
				let sum = 0;
				for (const { wait, more, restarts } of steps) {
					now += wait * 1_000;
					raw += more;
					const due = usageAfter(counters, { bytesIn: raw, bytesOut: raw, now: new Date(now), intervalSeconds });
					if (due === undefined) continue;
					counters = due.counters;
					for (const { bytesIn, hour } of due.hours) {
						expect(bytesIn).toBeGreaterThanOrEqual(0);
						expect(hour <= hourOf(now)).toBe(true);
						sum += bytesIn;
					}
					// The router restarts right after the check.
					if (restarts) raw = 0;
				}
				expect(counters?.bytesIn ?? 0).toBe(sum);
			}),
		);
	});
});
