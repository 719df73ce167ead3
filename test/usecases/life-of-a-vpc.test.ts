import { beforeEach, describe, expect, it } from 'vitest';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { reapplyVpc } from '../../functions/usecases/vpcs/reapply-vpc.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { aReport, later } from '../support/builders.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const oldRouter = 'i-0123456789abcdef0';
const newRouter = 'i-00000000000000002';
const thirdRouter = 'i-00000000000000003';

describe('a VPC that moves to another router', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
		await t.connect();
		await t.reconcile();
	});
	const vpc = () => t.memory.ports.store.get('vpcs', vpcId);
	const move = (routerInstanceId: string) => patchVpc(t.memory.ports, { caller: admin, id: vpcId, patch: { routerInstanceId } });
	const pushesTo = (instanceId: string) =>
		t.memory.seen.pushes.filter((push) => push.instanceId === instanceId).map(({ text }) => /^connection/m.test(text));
	const oldIs = (code: 'unreachable' | 'not-managed') => {
		const { apply } = t.memory.outside;
		t.memory.outside.apply = (push) => (push.instanceId === oldRouter ? { silence: { code, detail: 'stopped' } } : apply(push));
		return () => {
			t.memory.outside.apply = apply;
		};
	};
	const holder = (id: string) => t.memory.ports.store.holderOf('vpcs', `router#${id}`);

	it('has its tunnels on the new router and nothing left on the old one', async () => {
		await move(newRouter);
		expect(await holder(oldRouter)).toBe(vpcId);

		await t.reconcile();

		expect(pushesTo(newRouter)).toEqual([true]);
		expect(pushesTo(oldRouter).at(-1)).toBe(false);
		expect((await vpc())?.retired).toBeUndefined();
		expect(await holder(oldRouter)).toBeUndefined();
		const events = await t.memory.ports.events.list(vpcId, { limit: 5 });
		expect(events.items[0]?.why).toBe('retired-router-clean');
	});

	it('has its tunnels on the new router even if cleaning the old one fails', async () => {
		const { apply } = t.memory.outside;
		const fault = new Error('AccessDenied');
		await move(newRouter);
		t.memory.outside.apply = (push) => {
			if (push.instanceId === oldRouter) throw fault;
			return apply(push);
		};

		await expect(t.reconcile()).rejects.toBe(fault);

		expect(pushesTo(newRouter)).toEqual([true]);
		expect(await vpc()).toMatchObject({ appliedGeneration: (await vpc())?.generation, retired: [{ instanceId: oldRouter }] });
		expect((await vpc())?.lease).toBeUndefined();
	});

	it('tells both failures if neither router can be seen to', async () => {
		await move(newRouter);
		t.memory.outside.apply = ({ instanceId }) => {
			throw new Error(`no apply on ${instanceId}`);
		};

		const error = await t.reconcile().catch((thrown: unknown) => thrown);

		expect((error as AggregateError).errors.map(String)).toEqual([
			`Error: no apply on ${newRouter}`,
			`Error: no apply on ${oldRouter}`,
		]);
	});

	it('has its tunnels on the new router at once, and the old one cleaned when it comes back', async () => {
		const returns = oldIs('unreachable');
		await move(newRouter);
		await t.reconcile();
		expect((await vpc())?.retired).toMatchObject([{ instanceId: oldRouter }]);
		expect(pushesTo(newRouter)).toEqual([true]);

		returns();
		t.memory.outside.now = later(60);
		await tick(t.memory.ports);
		expect(t.memory.seen.reconciles.at(-1)).toBe(vpcId);
		await reconcileRouter(t.memory.ports, { vpcId, owner: 'tick', ifBehind: true });

		expect((await vpc())?.retired).toBeUndefined();
		expect(pushesTo(newRouter)).toEqual([true]);
	});

	it('gives up a terminated old router after a day', async () => {
		oldIs('not-managed');
		await move(newRouter);
		for (const hours of [1, 23]) {
			t.memory.outside.now = later(hours * 3_600);
			await t.reconcile();
			expect((await vpc())?.retired).toHaveLength(1);
		}
		t.memory.outside.now = later(25 * 3_600);
		await t.reconcile();

		expect((await vpc())?.retired).toBeUndefined();
		expect(await holder(oldRouter)).toBeUndefined();
	});

	it('keeps its tunnels if it moves back before the old router was cleaned', async () => {
		const returns = oldIs('unreachable');
		await move(newRouter);
		await t.reconcile();
		returns();
		await move(oldRouter);
		expect((await vpc())?.retired).toMatchObject([{ instanceId: newRouter }]);

		await t.reconcile();

		expect(pushesTo(oldRouter).at(-1)).toBe(true);
		expect(pushesTo(newRouter).at(-1)).toBe(false);
		expect(await holder(newRouter)).toBeUndefined();
	});

	it.each([
		['another former router is cleaned', thirdRouter],
		['it is about to be cleaned itself, and takes its new configuration first', oldRouter],
	])('keeps its tunnels if it moves back while %s', async (_what, cleaned) => {
		const { routers } = t.memory.ports;
		const { apply } = routers;
		const held = { generation: 1, text: t.router.held.text };
		routers.apply = async (instanceId, bundle) => {
			const isEmpty = !/^connection/m.test(bundle.text);
			if (isEmpty && instanceId === cleaned && (await vpc())?.routerInstanceId !== oldRouter) {
				await move(oldRouter);
				held.generation = (await vpc())?.generation ?? 0;
			}
			if (instanceId !== oldRouter) return apply(instanceId, bundle);
			const generation = Number(bundle.revision.split('-')[0]);
			if (bundle.force === true || generation >= held.generation) Object.assign(held, { generation, text: bundle.text });
			return { report: aReport({ revision: { generation: held.generation, hash: '0123456789abcdef' } }) };
		};
		await move(thirdRouter);
		await move(oldRouter);
		await move(newRouter);
		const order = [thirdRouter, oldRouter].map((instanceId) => ({ instanceId }));
		expect((await vpc())?.retired).toMatchObject(order);
		held.generation = (await vpc())?.generation ?? 0;

		await t.reconcile();

		expect((await vpc())?.routerInstanceId).toBe(oldRouter);
		expect(held.text).toMatch(/^connection/m);
	});

	it('cannot be deleted until its former router is cleaned, unless an admin forces it', async () => {
		oldIs('unreachable');
		await move(newRouter);
		await t.reconcile();
		const [id = ''] = Object.keys((await vpc())?.slots ?? {});
		await deleteVpnConnection(t.memory.ports, { caller: tenant, id });
		await t.reconcile();
		await deleteVpnGateway(t.memory.ports, { caller: tenant, id: t.vpnGatewayId });

		await expect(deleteVpc(t.memory.ports, { caller: admin, id: vpcId })).rejects.toMatchObject({ kind: 'in-use' });
		await deleteVpc(t.memory.ports, { caller: admin, id: vpcId, force: true });

		expect([await holder(oldRouter), await holder(newRouter)]).toEqual([undefined, undefined]);
	});
});

describe('a router whose configuration is applied again', () => {
	it('gets all of it, while every connection keeps its state and its revision', async () => {
		const t = await aTenant();
		const { ports, seen } = t.memory;
		const { id } = await t.connect();
		await t.reconcile();
		const before = await t.stored(id);
		expect(before?.state).toBe('Connected');
		const pushes = seen.pushes.length;

		await reapplyVpc(ports, { caller: admin, id: vpcId });

		expect(await t.stored(id)).toEqual(before);
		await t.reconcile();
		expect(seen.pushes.length).toBe(pushes + 1);
		expect(await t.stored(id)).toEqual(before);
		const vpc = await ports.store.get('vpcs', vpcId);
		expect(vpc?.appliedGeneration).toBe(vpc?.generation);
		const [event] = (await ports.events.list(vpcId, { limit: 1 })).items;
		expect(event).toMatchObject({ subject: { kind: 'router', id: vpcId }, who: 'root', why: 'reapply' });
	});
});
