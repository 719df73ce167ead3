import { describe, expect, it } from 'vitest';
import { isBehind, isDirty, isDue, shardOf } from '../../../functions/domain/monitoring/due.ts';
import { aVpc, later } from '../../support/builders.ts';

const retry = { at: later(0).toISOString(), attempts: 1, since: later(0).toISOString() };
const networks = (...states: ('Allocated' | 'Implemented' | 'Shutdown')[]) =>
	states.map((state, n) => ({ id: `net-${n}`, cidr: `10.1.${n}.0/24`, state }));

describe('a VPC', () => {
	it.each([
		['no network', networks(), false],
		['an implemented network', networks('Implemented'), true],
		['an implemented network among others', networks('Allocated', 'Implemented', 'Shutdown'), true],
		['networks of which none is implemented', networks('Allocated', 'Shutdown'), false],
	])('with connections and %s is due for checks: %s', (_what, given, due) => {
		expect(isDue(aVpc({ networks: given }))).toBe(due);
		expect(isDue(aVpc({ networks: given, slots: {} }))).toBe(false);
	});

	it.each([
		['whose router took all', {}, false, false],
		['whose router is behind', { generation: 4 }, true, true],
		['whose router is ahead', { generation: 2 }, true, true],
		['with something to be tried again', { retry }, true, true],
		['with a former router to be cleaned', { retired: [{ instanceId: 'i-0000000000000000a', retry }] }, false, true],
		['whose former routers are clean', { retired: [] }, false, false],
	])('%s is behind: %s, and to be reconciled: %s', (_what, over, behind, dirty) => {
		expect(isBehind(aVpc(over))).toBe(behind);
		expect(isDirty(aVpc(over))).toBe(dirty);
	});

	// The shards of rows that are stored: another function would lose them to the tick.
	it.each([
		['vpc-0a1b2c3d', '1'],
		['vpc-00000000000000001', '2'],
		['vpc-0123456789abcdef0', '6'],
	])('%s stays in the shard %s', (id, shard) => {
		expect(shardOf(id)).toBe(shard);
	});
});
