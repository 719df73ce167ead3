import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../functions/domain/monitoring/availability.ts';
import { aConnection, later } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const window = { connection: aConnection({ state: 'Connected' }), from: later(0), to: later(1_000), now: later(1_000) };
const change = (second: number, to: string, more: { from?: string; why?: string } = {}) => ({ at: at(second), to, ...more });

describe('an availability', () => {
	it('lists the latest hundred outages, and counts all of them', () => {
		const flaps = Array.from({ length: 240 }, (_, n) => change(n * 4, n % 2 === 0 ? 'Disconnected' : 'Connected'));
		const { outages, outageCount } = availabilityOf(flaps, window);

		expect(outageCount).toBe(120);
		expect(outages).toHaveLength(100);
		expect(outages.at(-1)?.from).toBe(at(952));
	});

	it('has a reason for an outage that has one, and none for one that has none', () => {
		const { outages } = availabilityOf(
			[
				change(0, 'Disconnected'),
				change(10, 'Connected'),
				change(20, 'Disconnected', { why: 'dpd-timeout' }),
				change(30, 'Connected'),
			],
			window,
		);

		expect(outages.map((outage) => Object.keys(outage))).toEqual([
			['from', 'to', 'seconds'],
			['from', 'to', 'seconds', 'reason'],
		]);
	});

	it('is half where it was down as long as it was up', () => {
		expect(availabilityOf([change(0, 'Disconnected'), change(500, 'Connected')], window)).toMatchObject({ uptimePercent: 50 });
	});

	it('knows from a first change that says nothing of before nothing of before', () => {
		expect(availabilityOf([change(400, 'Connected')], window)).toMatchObject({ upSeconds: 600, downSeconds: 0 });
		expect(availabilityOf([change(400, 'Connected', { from: 'Disconnected' })], window)).toMatchObject({ downSeconds: 400 });
	});

	it('counts no outage that began and ended in the same moment', () => {
		expect(availabilityOf([change(0, 'Connected'), change(5, 'Disconnected'), change(5, 'Connected')], window).outageCount).toBe(
			0,
		);
	});
});
