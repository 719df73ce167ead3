import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttle } from '../../local/api/throttle.ts';

describe('the throttle of a stage', () => {
	it('lets a burst through at once, and then as many a second as its rate', () => {
		let now = 0;
		const waits = throttle({ rate: 10, burst: 5 }, () => now);
		const passed = (asked: number) => Array.from({ length: asked }, () => waits()).filter((one) => one === undefined).length;

		expect(passed(9)).toBe(5);
		now = 300;
		expect(passed(9)).toBe(3);
		now = 60_000;
		expect(passed(9)).toBe(5);
	});

	it('says how many whole seconds to wait, after which one passes', () => {
		let now = 0;
		const waits = throttle({ rate: 0.25, burst: 1 }, () => now);

		expect(waits()).toBeUndefined();
		now = 1_500;
		expect(waits()).toBe(3);
		now += 3_000;
		expect(waits()).toBeUndefined();
	});

	it('never lets more through than the burst and what the rate has added, however requests come', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 50 }),
				fc.integer({ min: 1, max: 50 }),
				fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 200 }),
				(rate, burst, gaps) => {
					let now = 0;
					const waits = throttle({ rate, burst }, () => now);
					let passed = 0;
					for (const gap of gaps) {
						now += gap;
						if (waits() === undefined) passed++;
						expect(passed).toBeLessThanOrEqual(burst + (rate * now) / 1_000 + 1e-6);
					}
				},
			),
		);
	});
});
