import { afterEach, describe, expect, it, vi } from 'vitest';
import { atLength, rowsInTime, samples } from './support/at-length.ts';

afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});
const left = (seconds: number) => vi.stubEnv('SUITE_ENDS', String(Date.now() / 1_000 + seconds));

describe.skipIf(atLength)('a suite', () => {
	it('runs every row of a table for which its budget has the time, and says of how many it leaves out others', () => {
		const said = vi.spyOn(console, 'log').mockImplementation(() => {});
		left(100);

		expect(rowsInTime(['a', 'b', 'c'], { seconds: 99, least: 1 })).toEqual(['a', 'b', 'c']);
		expect(said).not.toHaveBeenCalled();
		expect(rowsInTime(['a', 'b', 'c'], { seconds: 101, least: 1 })).toEqual(['a']);
		expect(said).toHaveBeenCalledWith("100 s are left of this suite's budget: 1 of 3 rows");
	});

	it('samples a property more sparsely once it is over its budget', () => {
		left(1);
		expect(samples(50, 1_000)).toEqual({ numRuns: 50 });
		left(-1);
		expect(samples(50, 1_000)).toEqual({ numRuns: 13 });
	});

	it('runs everything where it has no end, as when a file is run by hand', () => {
		vi.stubEnv('SUITE_ENDS', '');

		expect(samples(50, 1_000)).toEqual({ numRuns: 50 });
		expect(rowsInTime(['a', 'b'], { seconds: 9_999, least: 1 })).toEqual(['a', 'b']);
	});
});
