import { beforeEach, describe, expect, it } from 'vitest';
import { createAlertSubscription } from '../../functions/usecases/alert-subscriptions/create-alert-subscription.ts';
import { withStatus } from '../../functions/usecases/alert-subscriptions/list-alert-subscriptions.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { tenant } from '../support/tenant.ts';

describe('phone numbers that SNS refuses', () => {
	let memory: MemoryPorts;
	const subscribe = (n: number) => {
		const input = { protocol: 'sms', endpoint: `+49151123456${n}` } as const;
		return createAlertSubscription(memory.ports, { caller: tenant, input });
	};
	beforeEach(async () => {
		memory = memoryPorts();
		const { subscribe: real } = memory.ports.alerts;
		memory.ports.alerts.subscribe = async () => {
			throw new Error('no such number');
		};
		for (let n = 10; n < 30; n++) await expect(subscribe(n)).rejects.toThrow('no such number');
		memory.ports.alerts.subscribe = real;
	});

	it('are not listed', async () => {
		const { items } = await memory.ports.subscriptions.list('acme', { limit: 100 });

		expect(await withStatus(memory.ports, { accountId: 'acme', items })).toEqual([]);
	});

	it('do not count towards the limit', async () => {
		expect(await subscribe(30)).toMatchObject({ status: 'confirmed' });
	});

	it('can be subscribed once SNS accepts them', async () => {
		expect(await subscribe(10)).toMatchObject({ status: 'confirmed' });
	});
});
