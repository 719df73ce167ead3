import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../functions/domain/monitoring/availability.ts';
import { aConnection, later } from '../../support/builders.ts';

const window = {
	connection: aConnection({ state: 'Connected', stateChangedAt: later(-5_000).toISOString() }),
	from: later(0),
	to: later(1_000),
	now: later(1_000),
};
const days = 86_400;
const change = (second: number, to: string, why?: string) => ({ at: later(second).toISOString(), to, why });

describe('availability', () => {
	it('is the uptime divided by the time up and down, with each outage and its reason', () => {
		const month = availabilityOf(
			[change(-50, 'Connected'), change(200, 'Disconnected', 'dpd-timeout'), change(300, 'Connected')],
			window,
		);

		expect(month).toMatchObject({
			upSeconds: 900,
			downSeconds: 100,
			uptimePercent: 90,
			outageCount: 1,
			longestOutageSeconds: 100,
		});
		expect(month.outages).toEqual([
			{ from: later(200).toISOString(), to: later(300).toISOString(), seconds: 100, reason: 'dpd-timeout' },
		]);
	});

	it('counts time in Pending as neither, and Disconnected followed by Error as one outage', () => {
		const month = availabilityOf(
			[change(0, 'Pending'), change(100, 'Disconnected'), change(150, 'Error'), change(200, 'Pending'), change(210, 'Connected')],
			window,
		);

		expect(month).toMatchObject({ upSeconds: 790, downSeconds: 100, outageCount: 1 });
	});

	it('leaves the end of an ongoing outage open', () => {
		expect(availabilityOf([change(900, 'Disconnected')], window).outages).toEqual([
			{ from: later(900).toISOString(), seconds: 100 },
		]);
	});

	it('has no percentage if the connection was neither up nor down', () => {
		expect(availabilityOf([change(0, 'Pending')], window).uptimePercent).toBeUndefined();
	});

	it('is complete for a connection that has been up for longer than events are kept', () => {
		const since = later(-200 * days).toISOString();
		const month = availabilityOf([], { ...window, connection: aConnection({ state: 'Connected', stateChangedAt: since }) });

		expect(month).toMatchObject({ upSeconds: 1_000, uptimePercent: 100, outageCount: 0 });
	});

	it('derives the state before the first kept change from that change, as far back as events are kept', () => {
		const lost = { ...change(400, 'Disconnected', 'dpd-timeout'), from: 'Connected' };
		expect(availabilityOf([lost], window)).toMatchObject({ upSeconds: 400, downSeconds: 600 });

		const past = { ...window, from: later(-100 * days), to: later(-90 * days + 1_000) };
		expect(availabilityOf([lost], past)).toMatchObject({ upSeconds: 0, downSeconds: 0 });
	});

	it('counts every second of the window exactly once', () => {
		const states = fc.constantFrom('Pending', 'Connected', 'Disconnected', 'Error');
		const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 999 }), states), { minLength: 1, maxLength: 20 });
		fc.assert(
			fc.property(changes, (all) => {
				const sorted = all.sort(([a], [b]) => a - b);
				const month = availabilityOf(
					sorted.map(([second, to]) => change(second, to)),
					window,
				);
				const stateAt = (second: number) => sorted.findLast(([at]) => at <= second)?.[1] ?? '';
				const seconds = Array.from({ length: 1_000 }, (_, second) => stateAt(second));
				const lost = seconds.map((state) => state === 'Disconnected' || state === 'Error');

				expect(month.upSeconds).toBe(seconds.filter((state) => state === 'Connected').length);
				expect(month.downSeconds).toBe(lost.filter(Boolean).length);
				expect(month.outageCount).toBe(lost.filter((down, second) => down && lost[second - 1] !== true).length);
				expect(month.outages.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(month.downSeconds);
			}),
		);
	});
});
