import { beforeEach, describe, expect, it } from 'vitest';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, vpcId } from '../support/tenant.ts';

describe('the scripts of a router', () => {
	let t: Tenant;
	let connectionId: string;
	let seconds = 0;
	const hints = () => t.memory.seen.reconciles.splice(0);
	const checkAfter = async (more: number) => {
		seconds += more;
		t.memory.outside.now = later(seconds);
		await t.check();
	};
	beforeEach(async () => {
		seconds = 0;
		t = await aTenant();
		t.router.held.carried = t.memory.ports.settings.routerScripts;
		connectionId = (await t.connect()).id;
		await t.reconcile();
		await checkAfter(30);
		hints();
	});

	it('are renewed by a reconcile where a check finds others, and no connection changes', async () => {
		const before = await t.stored(connectionId);
		t.router.held.scripts = 'ffffffff';

		await checkAfter(30);
		expect(hints()).toEqual([vpcId]);
		await t.reconcile();
		await checkAfter(30);

		expect(t.router.held.scripts).toBe(t.memory.ports.settings.routerScripts);
		expect(hints()).toEqual([]);
		expect(await t.stored(connectionId)).toEqual(before);
		expect((await t.memory.ports.store.get('vpcs', vpcId))?.retry).toBeUndefined();
	});

	it('are tried again ever more seldom while the document that carries them is of another version', async () => {
		t.router.held.carried = 'ffffffff';
		t.router.held.scripts = 'ffffffff';
		const pushed = () => t.memory.seen.pushes.splice(0).length;
		pushed();

		await checkAfter(30);
		await t.reconcile();
		expect(pushed()).toBe(1);
		// The next is due in 30 s, the one after that in a minute.
		await t.reconcile();
		expect(pushed()).toBe(0);
		await checkAfter(31);
		await t.reconcile();
		expect(pushed()).toBe(1);
		await checkAfter(31);
		await t.reconcile();
		expect(pushed()).toBe(0);
	});
});
