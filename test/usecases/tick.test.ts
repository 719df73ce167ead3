import { describe, expect, it, vi } from 'vitest';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { aVpc, idOf, later, start } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';

/** So many VPCs whose router is behind, one that is due for checks, and one alert that nobody was hinted of. */
const aMinute = async ({ dirty = 1_000 } = {}) => {
	const memory = memoryPorts();
	const { store } = memory.ports;
	for (let n = 0; n < dirty; n++) {
		const next = aVpc({ id: `vpc-${String(n).padStart(8, '0')}`, slots: {}, generation: 4 });
		await store.transact([{ put: 'vpcs', next, current: undefined }]);
	}
	await store.transact([{ put: 'vpcs', next: aVpc({ id: 'vpc-ffffffff' }), current: undefined }]);
	memory.seen.kept.events.push({
		subject: { kind: 'connection', id: idOf('vpnc', 1) },
		id: '01',
		accountId: 'acme',
		vpcId: 'vpc-ffffffff',
		at: start.toISOString(),
		who: 'check',
		kind: 'notified',
		alert: { alertId: 'a', subject: 's', email: 'e', sms: 't', owedAt: start.toISOString() },
		expiresAt: 4_000_000_000,
	});
	memory.outside.now = later(120);
	return memory;
};
const names = ({ seen }: Awaited<ReturnType<typeof aMinute>>) => seen.metrics.map(({ name }) => name);

describe('a tick', () => {
	it('hints every VPC whose router is behind, in one call of the queue', async () => {
		const memory = await aMinute();
		const reconcile = vi.spyOn(memory.ports.queues, 'reconcile');

		await tick(memory.ports);

		expect(reconcile).toHaveBeenCalledExactlyOnceWith(
			expect.arrayContaining([{ message: { vpcId: 'vpc-00000000', ifBehind: true } }]),
		);
		expect(new Set(memory.seen.reconciles).size).toBe(1_000);
	});

	it('has enqueued its checks, hinted its alerts and counted itself before its time is used up by VPCs that are behind', async () => {
		const memory = await aMinute();
		memory.ports.queues.reconcile = () => new Promise(() => {});

		void tick(memory.ports);
		await new Promise((resolve) => setTimeout(resolve, 100));

		expect(memory.seen.checks.map(({ message }) => message.vpcIds)).toEqual([['vpc-ffffffff'], ['vpc-ffffffff']]);
		expect(memory.seen.alertHints).toEqual(['acme']);
		expect(names(memory)).toContain('Ticks');
	});

	it('does not count itself if its checks could not be enqueued, since the alarm on missing ticks is about checks', async () => {
		const memory = await aMinute();
		memory.ports.queues.check = () => Promise.reject(new Error('no queue'));

		await expect(tick(memory.ports)).rejects.toThrow('no queue');

		expect(names(memory)).not.toContain('Ticks');
	});

	it.each<[string, (memory: Awaited<ReturnType<typeof aMinute>>) => void]>([
		['checks', ({ ports }) => Object.assign(ports.queues, { check: () => Promise.reject(new Error('down')) })],
		[
			'alerts that are owed',
			({ ports }) => Object.assign(ports.events, { accountsOwed: () => Promise.reject(new Error('down')) }),
		],
		[
			'routers that are behind',
			({ ports }) => Object.assign(ports.store, { dirtyVpcs: () => Promise.reject(new Error('down')) }),
		],
		['intents', ({ ports }) => Object.assign(ports.secretIntents, { madeBefore: () => Promise.reject(new Error('down')) })],
	])('fails if it cannot see to the %s, but does everything else', async (what, breaks) => {
		const memory = await aMinute({ dirty: 3 });
		const intent = { id: 'cgw-1', accountId: 'acme', customerGatewayId: 'cgw-1', madeAt: later(-600).toISOString() };
		memory.seen.intents.set(intent.id, intent);
		breaks(memory);

		await expect(tick(memory.ports)).rejects.toThrow('down');

		expect({
			checks: memory.seen.checks.length,
			'alerts that are owed': memory.seen.alertHints.length,
			'routers that are behind': memory.seen.reconciles.length,
			intents: memory.seen.intents.size === 0 ? 1 : 0,
		}).toEqual({ checks: 2, 'alerts that are owed': 1, 'routers that are behind': 3, intents: 1, [what]: 0 });
	});
});
