import { describe, expect, it } from 'vitest';
import { createAlertSubscription } from '../../functions/usecases/alert-subscriptions/create-alert-subscription.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { tenant } from '../support/tenant.ts';

describe('an address that SNS refuses', () => {
	const input = { protocol: 'sms', endpoint: '+4915112345678' } as const;
	const subscribe = ({ ports }: ReturnType<typeof memoryPorts>) => createAlertSubscription(ports, { caller: tenant, input });
	const refusing = (memory: ReturnType<typeof memoryPorts>) => {
		memory.ports.alerts.subscribe = async () => {
			throw new Error('no such number');
		};
	};

	it('is not kept', async () => {
		const memory = memoryPorts();
		refusing(memory);

		await expect(subscribe(memory)).rejects.toThrow('no such number');

		expect(memory.seen.subscribed).toEqual([]);
	});

	it('stays where it was kept before', async () => {
		const memory = memoryPorts();
		const { id } = await subscribe(memory);
		refusing(memory);

		await expect(subscribe(memory)).rejects.toThrow('no such number');

		expect(memory.seen.subscribed.map((one) => one.id)).toEqual([id]);
	});
});
