import { beforeEach, describe, expect, it } from 'vitest';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, vpcId } from '../support/tenant.ts';

describe('the lease of a router', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
		await t.connect();
	});
	const lease = async () => (await t.memory.ports.store.get('vpcs', vpcId))?.lease;
	/** A reconcile that was killed while the router applied: its lease stays. */
	const killed = async (owner: string) => {
		const { store, routers } = t.memory.ports;
		const { transact } = store;
		const { apply } = routers;
		routers.apply = async () => {
			store.transact = async () => Promise.reject(new Error('killed'));
			throw new Error('killed');
		};
		await expect(t.reconcile(owner)).rejects.toThrow('killed');
		Object.assign(store, { transact });
		Object.assign(routers, { apply });
	};
	const pushes = () => t.memory.seen.pushes.length;

	it('is held for as long as the router is at work, and given back', async () => {
		const { routers } = t.memory.ports;
		const { apply } = routers;
		const held: unknown[] = [];
		routers.apply = async (...given) => {
			held.push(await lease());
			return apply(...given);
		};

		await t.reconcile('one');

		expect(held).toEqual([{ owner: 'one', until: later(60).toISOString() }]);
		expect(await lease()).toBeUndefined();
	});

	it('keeps others away until it ends, and its owner never', async () => {
		await killed('one');
		t.memory.outside.now = later(59);
		await t.reconcile('two');
		expect(pushes()).toBe(0);
		expect(await lease()).toEqual({ owner: 'one', until: later(60).toISOString() });

		await t.reconcile('one');

		expect(pushes()).toBe(1);
		expect(await lease()).toBeUndefined();
	});

	it('keeps nobody away for good', async () => {
		await killed('one');
		t.memory.outside.now = later(60);

		await t.reconcile('two');

		expect(pushes()).toBe(1);
	});

	it('is given back by its owner alone: one who came late leaves it to who has it by then', async () => {
		const { routers } = t.memory.ports;
		const { apply } = routers;
		const others = { owner: 'two', until: later(120).toISOString() };
		routers.apply = async (...given) => {
			const current = await t.memory.ports.store.get('vpcs', vpcId);
			if (current === undefined) throw new Error('no VPC');
			await t.memory.ports.store.transact([{ put: 'vpcs', next: { ...current, lease: others }, current }]);
			return apply(...given);
		};

		await t.reconcile('one');

		expect(await lease()).toEqual(others);
	});
});
