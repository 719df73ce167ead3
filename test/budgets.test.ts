import { describe, expect, it } from 'vitest';
import { budgets, judge } from './budgets.ts';

describe('the budgets of the suites', () => {
	it('add up to less than 15 minutes', () => {
		expect(Object.values(budgets).reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(15 * 60);
	});

	it('print the time of each suite and warn about none that keeps to its budget', () => {
		expect(judge([{ suite: 'unit', seconds: budgets.unit }])).toEqual({ ok: true, lines: ['time: unit 20 of 20 s'] });
	});

	it('make a suite that exceeds its budget a warning that says by how much', () => {
		expect(judge([{ suite: 'unit', seconds: 60 }])).toEqual({
			ok: true,
			lines: ['time: unit 60 of 20 s', 'warning: the suite unit took 60 s, 40 s over its budget of 20 s'],
		});
	});

	it('make a suite fail beyond three times its budget and a minute', () => {
		expect(judge([{ suite: 'unit', seconds: 120 }]).ok).toBe(true);
		expect(judge([{ suite: 'unit', seconds: 121 }])).toMatchObject({
			ok: false,
			lines: [expect.any(String), expect.stringMatching(/^FAILED: /)],
		});
	});

	it('exist for every suite', () => {
		expect(() => judge([{ suite: 'other', seconds: 1 }])).toThrow('the suite other has no budget');
	});
});
