import { describe, expect, it } from 'vitest';
import { intervalsSince } from '../../../functions/domain/monitoring/intervals-since.ts';
import { nextRetry, unreachableTooLong } from '../../../functions/domain/monitoring/retry.ts';
import { aConnection, later } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();

describe('a retry', () => {
	it('is the first after 30 s, counted from now', () => {
		expect(nextRetry(undefined, later(10))).toEqual({ at: at(40), attempts: 1, since: at(10) });
	});

	it('comes after twice as long each time, and keeps its beginning', () => {
		expect(nextRetry({ at: at(40), attempts: 1, since: at(10) }, later(50))).toEqual({ at: at(110), attempts: 2, since: at(10) });
	});

	it('comes at least every ten minutes, however often it failed', () => {
		expect(nextRetry({ at: at(0), attempts: 5_000, since: at(0) }, later(0)).at).toBe(at(600));
	});

	it('is due at once where the next pass is known to succeed', () => {
		expect(nextRetry({ at: at(40), attempts: 3, since: at(10) }, later(50), true)).toEqual({
			at: at(50),
			attempts: 4,
			since: at(10),
		});
	});
});

describe('a connection is out of reach for too long', () => {
	it.each([
		['a quarter of an hour after the first failure', 0, 0, 900, true],
		['not a second before', 0, 0, 899, false],
		['counted from its own change, where that came later', 60, 0, 900, false],
		['a quarter of an hour after that', 60, 0, 960, true],
		['counted from the first failure, where its change is older', 0, 60, 959, false],
		['a quarter of an hour after that failure', 0, 60, 960, true],
	])('%s', (_what, changedAt, failedSince, second, expected) => {
		const connection = aConnection({ stateChangedAt: at(changedAt) });
		const retry = { at: at(2_000), attempts: 3, since: at(failedSince) };

		expect(unreachableTooLong(connection, retry, later(second))).toBe(expected);
	});

	it('never where nothing failed', () => {
		expect(unreachableTooLong(aConnection({ stateChangedAt: at(0) }), undefined, later(9_000))).toBe(false);
	});
});

describe('the intervals since a check', () => {
	it.each([
		[0, 0],
		[14.9, 0],
		[15, 1],
		[30, 1],
		[44.9, 1],
		[60, 2],
	])('%d s ago are %i, a little early or late', (seconds, intervals) => {
		expect(intervalsSince(at(0), { now: later(seconds), intervalSeconds: 30 })).toBe(intervals);
	});
});
