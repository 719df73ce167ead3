import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDirty, isDue, shardOf } from '../../../functions/domain/monitoring/due.ts';
import { healthOf, monitoringOf, tunnelsOf } from '../../../functions/domain/monitoring/health.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later, pairs } from '../../support/builders.ts';

const observed = (digits: string) => ({ up: pairs(digits), candidates: [], observedAt: later(0).toISOString() });
const unused = aVpc({ networks: [{ id: 'n', cidr: '10.1.1.0/24', state: 'Allocated' }] });

describe('health', () => {
	it.each([
		['Connected', '11', 'up'],
		['Connected', '10', 'degraded'],
		['Disconnected', '00', 'down'],
		['Pending', '11', 'unknown'],
		['Error', '11', 'down'],
	] as const)('of %s with pairs %s is %s', (state, up, health) => {
		expect(healthOf(aConnection({ state, observed: observed(up) }), aVpc())).toBe(health);
	});

	it('is unknown while the router is silent or not checked', () => {
		const connection = aConnection({ state: 'Connected', observed: observed('11') });

		expect(healthOf(connection, aVpc({ silentSince: later(0).toISOString() }))).toBe('unknown');

		expect(healthOf(connection, unused)).toBe('unknown');

		expect(monitoringOf(unused)).toEqual({ active: false, reason: 'no-implemented-network' });
	});

	it('comes with the reason why it is unknown', () => {
		const silence = { code: 'not-managed', detail: 'it is not tagged s2s:router=true' } as const;

		expect(monitoringOf(aVpc({ silentSince: later(0).toISOString(), silence }))).toEqual({
			active: true,
			reason: 'router-not-managed',
			detail: silence.detail,
		});
		expect(monitoringOf(aVpc())).toEqual({ active: true });
	});

	it('has one tunnel per remote block', () => {
		expect(tunnelsOf(aConnection({ state: 'Connected', observed: observed('10') }), aCustomerGateway(), aVpc())).toEqual([
			{ localCidr: '10.1.0.0/16', remoteCidr: '10.2.0.0/24', up: true },
			{ localCidr: '10.1.0.0/16', remoteCidr: '10.2.1.0/24', up: false },
		]);
	});
});

describe('the indexes of VPCs', () => {
	it('list as due the VPCs that have connections and an implemented network', () => {
		expect([aVpc(), unused, aVpc({ slots: {} })].map(isDue)).toEqual([true, false, false]);
	});

	it('list as behind the VPCs whose router lags or has something to retry', () => {
		const retry = { at: later(0).toISOString(), attempts: 1, since: later(0).toISOString() };

		expect([aVpc(), aVpc({ generation: 4 }), aVpc({ retry })].map(isDirty)).toEqual([false, true, true]);
	});

	it('spread ids evenly over eight shards', () => {
		const counts = new Map<string, number>();
		for (let n = 0; n < 8_000; n++) {
			const shard = shardOf(idOf('vpc', n));
			counts.set(shard, (counts.get(shard) ?? 0) + 1);
		}

		expect([...counts.keys()].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);

		expect(Math.min(...counts.values())).toBeGreaterThan(700);

		fc.assert(fc.property(fc.string(), (id) => /^[0-7]$/.test(shardOf(id))));
	});
});
