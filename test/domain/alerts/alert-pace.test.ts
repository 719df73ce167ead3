import { describe, expect, it } from 'vitest';
import { isGathering, secondsBetweenMessages } from '../../../functions/domain/alerts/alert-pace.ts';
import { later } from '../../support/builders.ts';

const at = (...seconds: number[]) => seconds.map((second) => later(second).toISOString());

describe('a storm', () => {
	it.each([
		['four at once are none', at(0, 0, 0, 0), 0, false],
		['five at once are one', at(0, 0, 0, 0, 0), 0, true],
		['it lasts until five seconds after its last', at(0, 0, 0, 0, 6), 10.9, true],
		['and has passed then', at(0, 0, 0, 0, 6), 11, false],
		['whatever their order', at(6, 0, 0, 0, 0), 10.9, true],
		['it is waited for up to thirty seconds after its first', at(0, 0, 0, 0, 29), 29.9, true],
		['and no longer', at(0, 0, 0, 0, 29), 30, false],
		['whatever their order', at(29, 29, 29, 29, 0), 30, false],
	])('%s', (_what, owedAt, second, gathering) => {
		expect(isGathering(owedAt, later(second))).toBe(gathering);
	});

	it('or not, a message each five seconds is enough', () => {
		expect(secondsBetweenMessages).toBe(5);
	});
});
