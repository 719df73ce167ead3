import { describe, expect, it } from 'vitest';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { reapplyVpc } from '../../functions/usecases/vpcs/reapply-vpc.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { later } from '../support/builders.ts';
import { admin, aTenant, tenant, vpcId } from '../support/tenant.ts';

const most = 40;

/** A VPC with as many connections as a gateway may have, all up. */
const aFullGateway = async () => {
	const t = await aTenant();
	const { ports, seen } = t.memory;
	ports.settings.maxConnectionsPerGateway = most;
	const ids: string[] = [];
	for (let n = 2; n < most + 2; n++) {
		// They were not all made in one minute.
		seen.spent.clear();
		ids.push((await t.connect(n)).id);
	}
	await t.reconcile();
	const rows = () => ports.store.getMany('connections', ids);
	const vpc = async () => {
		const found = await ports.store.get('vpcs', vpcId);
		if (found === undefined) throw new Error('the VPC is there');
		return found;
	};
	return {
		...t,
		ids,
		rows,
		vpc,
		events: () => seen.kept.events.filter(({ to }) => to === 'gone').length,
		used: () => [...seen.kept.rows.customerGateways.values()].filter((row) => 'connectionId' in row && row.connectionId).length,
		async deleteAll() {
			for (const id of ids) await deleteVpnConnection(ports, { caller: tenant, id });
		},
	};
};

describe('forty connections of one gateway', () => {
	it('can be deleted together, each with its slot and its customer gateway freed', async () => {
		const t = await aFullGateway();
		await t.deleteAll();
		t.router.held.text = '';

		await t.reconcile();

		expect(await t.rows()).toEqual([]);
		expect(await t.vpc()).toMatchObject({ slots: {}, retry: undefined });
		expect(t.used()).toBe(0);
		expect(t.events()).toBe(most);
	});

	it('are all gone after the next reconcile if the function was cut off halfway', async () => {
		const t = await aFullGateway();
		const { store } = t.memory.ports;
		await t.deleteAll();
		const { transact } = store;
		let portions = 0;
		store.transact = async (writes) => {
			if (writes.some((write) => 'remove' in write) && ++portions > 1) throw new Error('cut off');
			return transact(writes);
		};
		await expect(t.reconcile()).rejects.toThrow('cut off');

		const left = await t.rows();
		expect(left.length).toBeGreaterThan(0);
		expect(left.length).toBeLessThan(most);
		const { slots, retry } = await t.vpc();
		expect(Object.keys(slots).sort()).toEqual(left.map(({ id }) => id).sort());
		expect(t.used()).toBe(left.length);
		expect(retry).toBeDefined();

		store.transact = transact;
		t.memory.outside.now = later(60);
		await reconcileRouter(t.memory.ports, { vpcId, owner: 'another', ifBehind: true });
		expect(await t.rows()).toEqual([]);
		expect(t.used()).toBe(0);
		expect(t.events()).toBe(most);
	});

	it('can become Pending, come up and be reported down together', async () => {
		const t = await aFullGateway();
		expect((await t.rows()).every(({ state }) => state === 'Connected')).toBe(true);
		const publicIps = [
			{ ip: '192.0.2.1', sourceNat: true },
			{ ip: '192.0.2.254', sourceNat: false },
		];
		await patchVpc(t.memory.ports, { caller: admin, id: vpcId, patch: { publicIps, routerInstanceId: 'i-00000000000000002' } });
		expect((await t.rows()).every(({ state }) => state === 'Pending')).toBe(true);
		await reapplyVpc(t.memory.ports, { caller: admin, id: vpcId });
		await t.reconcile();
		expect((await t.rows()).every(({ state }) => state === 'Connected')).toBe(true);

		for (let n = 2; n < most + 2; n++) t.router.down.add(`192.0.2.${n}`);
		t.memory.outside.now = later(600);
		await t.check();
		expect((await t.rows()).every(({ notified }) => notified === 'down')).toBe(true);
	});
});

describe('a VPC that has had more routers than a transaction holds', () => {
	it('can be deleted by force, after which each of its routers can serve another VPC', async () => {
		const t = await aTenant();
		const { ports, seen, outside } = t.memory;
		const routers = Array.from({ length: 120 }, (_, n) => `i-${String(n).padStart(17, '0')}`);
		outside.apply = () => ({ silence: { code: 'unreachable', detail: 'stopped' } });
		const { id } = await t.connect();
		for (const routerInstanceId of routers) {
			await patchVpc(ports, { caller: admin, id: vpcId, patch: { routerInstanceId } });
		}
		await deleteVpnConnection(ports, { caller: admin, id, force: true });
		await deleteVpnGateway(ports, { caller: tenant, id: t.vpnGatewayId });

		await deleteVpc(ports, { caller: admin, id: vpcId, force: true });

		expect(seen.kept.rows.vpcs.size).toBe(0);
		expect([...seen.kept.markers.keys()].filter((key) => key.includes('router#'))).toEqual([]);
	});
});
