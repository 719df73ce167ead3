import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import type { Ports, Write } from '../../functions/ports.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../functions/usecases/customer-gateways/delete-customer-gateway.ts';
import { finishIntents } from '../../functions/usecases/loops/finish-intents.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { later } from '../support/builders.ts';
import { aTenant, suite, type Tenant, tenant, vpcId } from '../support/tenant.ts';

/** Lets something happen just before the first write that is meant, after all that it was decided on was read. */
const justBefore = (
	{ store }: Pick<Ports, 'store'>,
	isMeant: (writes: readonly Write[]) => boolean,
	happens: () => Promise<unknown>,
): void => {
	const { transact } = store;
	store.transact = async (writes) => {
		if (isMeant(writes)) {
			store.transact = transact;
			await happens();
		}
		return transact(writes);
	};
};
const anyWrite = () => true;

describe('a change that another overtakes between its reading and its writing', () => {
	let t: Tenant;
	let ports: Ports;
	let connectionId: string;
	let customerGatewayId: string;
	let unused: string;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		({ id: connectionId, customerGatewayId } = await t.connect(2));
		await t.reconcile();
		({ id: unused } = await t.customerGateway(3));
		await createVpc(ports, {
			id: 'vpc-00000002',
			accountId: 'acme',
			cidr: '10.9.0.0/16',
			routerInstanceId: 'i-00000000000000002',
			publicIps: [{ ip: '192.0.2.9', sourceNat: true }],
		});
	});
	const input = (over: { name?: string } = {}) => ({
		gateway: '192.0.2.4',
		remoteCidrs: ['10.4.0.0/24'],
		...suite,
		psk: new Secret('secret number 4'),
		...over,
	});
	const make = (over?: { name?: string }) => createCustomerGateway(ports, { caller: tenant, input: input(over) });
	const rows = () => {
		const { accounts: _switched, ...others } = t.memory.seen.kept.rows;
		return JSON.stringify(Object.values(others).map((table) => [...table.values()]));
	};

	const changes: [what: string, change: () => Promise<unknown>][] = [
		['a customer gateway is made', () => make()],
		['a customer gateway changes', () => t.patch(customerGatewayId, { forceEncaps: true })],
		['a VPN gateway is made', () => createVpnGateway(ports, { caller: tenant, input: { vpcId: 'vpc-00000002' } })],
		[
			'a connection is made',
			() => createVpnConnection(ports, { caller: tenant, input: { vpnGatewayId: t.vpnGatewayId, customerGatewayId: unused } }),
		],
		['a connection is reset', () => resetVpnConnection(ports, { caller: tenant, id: connectionId })],
	];
	it.each(changes)('finds VPN switched off where %s, and changes nothing (invariant 6)', async (_what, change) => {
		const before = rows();
		justBefore(ports, anyWrite, () => putAccount(ports, 'acme', { vpnEnabled: false }));

		await expect(change()).rejects.toMatchObject({ kind: 'vpn-disabled' });

		expect(rows()).toBe(before);
	});

	it('leaves no key behind where a customer gateway is refused after its key was written', async () => {
		const keys = [...t.memory.seen.secrets.keys()];
		justBefore(ports, anyWrite, () => make({ name: 'Harbour' }));

		await expect(make({ name: 'Harbour' })).rejects.toMatchObject({ kind: 'name-taken' });

		expect(t.memory.seen.secrets.size).toBe(keys.length + 1);
		expect(t.memory.seen.intents.size).toBe(0);
	});

	it('leaves no key behind where two delete a customer gateway and the one that did is killed before its key', async () => {
		const { secrets } = ports;
		const { delete: remove } = secrets;
		justBefore(ports, anyWrite, async () => {
			secrets.delete = async () => Promise.reject(new Error('killed'));
			await expect(deleteCustomerGateway(ports, { caller: tenant, id: unused })).rejects.toThrow('killed');
			secrets.delete = remove;
		});
		await expect(deleteCustomerGateway(ports, { caller: tenant, id: unused })).rejects.toMatchObject({ kind: 'not-found' });
		expect(t.memory.seen.secrets.has(`acme/${unused}`)).toBe(true);

		t.memory.outside.now = later(301);
		await finishIntents(ports);
		expect(t.memory.seen.secrets.has(`acme/${unused}`)).toBe(false);
		expect(t.memory.seen.intents.size).toBe(0);
	});

	it('is pushed in a second where it came while a reconcile was giving its lease back', async () => {
		const { queues } = ports;
		const again: unknown[] = [];
		queues.reconcile = async (hints) => void again.push(...hints);
		const givesBack = (writes: readonly Write[]) =>
			writes.some((write) => 'put' in write && write.put === 'vpcs' && write.current?.lease !== undefined && !write.next.lease);
		justBefore(ports, givesBack, () => t.patch(customerGatewayId, { forceEncaps: true }));

		await t.reconcile();

		// The first found the lease taken.
		expect(again).toEqual([{ message: { vpcId } }, { message: { vpcId }, delaySeconds: 1 }]);
	});

	it('is pushed once where no other came', async () => {
		await t.patch(customerGatewayId, { forceEncaps: true });
		t.memory.seen.reconciles.length = 0;

		await t.reconcile();

		expect(t.memory.seen.reconciles).toEqual([]);
	});
});
