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

	it('counts the first Pending as neither, and what comes after Disconnected as one outage until a pair is up', () => {
		const month = availabilityOf(
			[change(0, 'Pending'), change(100, 'Disconnected'), change(150, 'Error'), change(200, 'Pending'), change(210, 'Connected')],
			window,
		);

		expect(month).toMatchObject({ upSeconds: 790, downSeconds: 110, outageCount: 1 });
	});

	it('counts a Pending after Connected as down where it was found down, and else as neither', () => {
		const changed = [change(0, 'Connected'), change(100, 'Pending'), change(110, 'Pending')];

		expect(availabilityOf([...changed, change(130, 'Disconnected')], window).outages).toEqual([
			{ from: later(100).toISOString(), seconds: 900 },
		]);
		expect(availabilityOf([...changed, change(130, 'Connected')], window)).toMatchObject({ outages: [], upSeconds: 970 });
		expect(availabilityOf(changed, window)).toMatchObject({ outages: [], upSeconds: 100, downSeconds: 0 });
	});

	it('has an outage whole that reaches over its ends, and counts what is in it', () => {
		const long = [change(-50, 'Disconnected'), change(20, 'Connected'), change(990, 'Disconnected'), change(1_030, 'Connected')];
		const month = availabilityOf(long, { ...window, now: later(2_000) });

		expect(month.outages).toEqual([
			{ from: later(-50).toISOString(), to: later(20).toISOString(), seconds: 70 },
			{ from: later(990).toISOString(), to: later(1_030).toISOString(), seconds: 40 },
		]);
		expect(month).toMatchObject({ upSeconds: 970, downSeconds: 30, longestOutageSeconds: 70 });
	});

	it('goes by what the first change that is kept says of its outage', () => {
		const outage = { from: later(-70).toISOString() };
		const seconds = { from: outage.from, to: later(30).toISOString(), seconds: 100 };

		expect(
			availabilityOf([{ ...change(-20, 'Pending'), from: 'Pending', outage }, change(30, 'Connected')], window).outages,
		).toEqual([seconds]);
		expect(
			availabilityOf([{ ...change(30, 'Connected'), from: 'Pending', outage: { ...outage, to: seconds.to } }], window).outages,
		).toEqual([seconds]);
		const connection = aConnection({ state: 'Pending', stateChangedAt: later(-20).toISOString(), outage });
		expect(availabilityOf([], { ...window, connection })).toMatchObject({
			outages: [{ from: outage.from, seconds: 1_070 }],
			downSeconds: 1_000,
		});
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
		// One a second: an outage that ends and another that begins in the same one cannot be told apart by seconds.
		const changes = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 999 }), states), {
			minLength: 1,
			maxLength: 20,
			selector: ([second]) => second,
		});
		fc.assert(
			fc.property(changes, (all) => {
				const sorted = all.sort(([a], [b]) => a - b);
				const month = availabilityOf(
					sorted.map(([second, to]) => change(second, to)),
					window,
				);
				// The last before that is not Pending, and the next after that is not.
				const known = (some: typeof sorted) => some.find(([, state]) => state !== 'Pending')?.[1];
				const lastKnown = (second: number) => known(sorted.filter(([at]) => at <= second).toReversed());
				const nextKnown = (second: number) => known(sorted.filter(([at]) => at > second));
				const isDown = (state?: string) => state === 'Disconnected' || state === 'Error';
				const stateAt = (second: number) => sorted.findLast(([at]) => at <= second)?.[1];
				const lost = Array.from({ length: 1_000 }, (_, second) => {
					const interrupted = stateAt(second) === 'Pending' && lastKnown(second) === 'Connected' && isDown(nextKnown(second));
					return isDown(lastKnown(second)) || interrupted;
				});

				expect(month.upSeconds).toBe(
					Array.from({ length: 1_000 }, (_, second) => stateAt(second)).filter((state) => state === 'Connected').length,
				);
				expect(month.downSeconds).toBe(lost.filter(Boolean).length);
				expect(month.outageCount).toBe(lost.filter((down, second) => down && lost[second - 1] !== true).length);
				expect(month.outages.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(month.downSeconds);
			}),
		);
	});
});
