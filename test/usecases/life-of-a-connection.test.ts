import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../functions/usecases/customer-gateways/delete-customer-gateway.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { later } from '../support/builders.ts';
import type { MemoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, suite, type Tenant, tenant, vpcId } from '../support/tenant.ts';

describe('a connection', () => {
	let memory: MemoryPorts;
	let router: Tenant['router'];
	let vpnGatewayId: string;
	let t: Tenant;
	const customerGateway: Tenant['customerGateway'] = (n) => t.customerGateway(n);
	const connect: Tenant['connect'] = (n) => t.connect(n);
	const reconcile: Tenant['reconcile'] = (owner) => t.reconcile(owner);
	const check: Tenant['check'] = () => t.check();
	const stored: Tenant['stored'] = (id) => t.stored(id);

	beforeEach(async () => {
		t = await aTenant();
		({ memory, router, vpnGatewayId } = t);
	});

	it('goes from Pending to Connected without an alert once the router has it', async () => {
		const { id, state } = await connect();
		expect(state).toBe('Pending');
		expect(memory.seen.reconciles).toEqual([vpcId]);

		await reconcile();

		expect(await stored(id)).toMatchObject({ state: 'Connected', appliedRevision: 1, notified: 'up' });
		expect(memory.seen.alertHints).toEqual([]);
		expect((await memory.ports.store.get('vpcs', vpcId))?.lease).toBeUndefined();
	});

	it('is reported lost once, and back once', async () => {
		const { id } = await connect();
		await reconcile();
		router.down.add('192.0.2.2');
		memory.outside.now = later(30);

		await check();
		await check();
		await sendAlerts(memory.ports, 'acme');
		await sendAlerts(memory.ports, 'acme');
		router.down.clear();
		memory.outside.now = later(60);
		await check();
		await sendAlerts(memory.ports, 'acme');

		expect(memory.seen.sent.map(({ subject }) => subject)).toEqual([
			expect.stringContaining('is down: dpd-timeout'),
			expect.stringContaining('is up again'),
		]);
		expect((await stored(id))?.state).toBe('Connected');
	});

	it('still owes an alert that SNS refused, which is sent later under the same id', async () => {
		await connect();
		await reconcile();
		router.down.add('192.0.2.2');
		await check();
		memory.outside.publish = () => {
			throw new Error('Throttled');
		};
		await expect(sendAlerts(memory.ports, 'acme')).rejects.toThrow('Throttled');
		memory.outside.publish = () => {};
		memory.outside.now = later(120);
		await tick(memory.ports);

		expect(memory.seen.alertHints).toEqual(['acme', 'acme']);
		await sendAlerts(memory.ports, 'acme');
		expect(memory.seen.sent).toHaveLength(1);
	});

	it('is removed with its slot once the router no longer has it, and frees its customer gateway', async () => {
		const { id, customerGatewayId } = await connect();
		await reconcile();
		expect((await deleteVpnConnection(memory.ports, { caller: tenant, id })).state).toBe('Deleting');

		await reconcile();

		expect(await stored(id)).toBeUndefined();
		expect(router.held.text).not.toContain(id);
		expect((await memory.ports.store.get('vpcs', vpcId))?.slots).toEqual({});
		await deleteCustomerGateway(memory.ports, { caller: tenant, id: customerGatewayId });
		expect(memory.seen.secrets.size).toBe(0);
	});

	it('stays Deleting on a dead router, and is removed at once when an admin forces it', async () => {
		const { id } = await connect();
		memory.outside.apply = () => ({ silence: { code: 'unreachable', detail: 'dead' } });
		await deleteVpnConnection(memory.ports, { caller: tenant, id });
		await reconcile();
		expect((await stored(id))?.state).toBe('Deleting');

		await expect(deleteVpnConnection(memory.ports, { caller: tenant, id, force: true })).rejects.toMatchObject({
			kind: 'forbidden',
		});
		await deleteVpnConnection(memory.ports, { caller: admin, id, force: true });

		expect(await stored(id)).toBeUndefined();
		const vpc = await memory.ports.store.get('vpcs', vpcId);
		expect(vpc?.generation).toBeGreaterThan(vpc?.appliedGeneration ?? 0);
	});

	it('reaches the router like any other change when it is reset', async () => {
		const { id } = await connect();
		await reconcile();
		const before = router.held.text;

		expect(await resetVpnConnection(memory.ports, { caller: tenant, id })).toMatchObject({
			state: 'Pending',
			desiredRevision: 2,
			version: 2,
		});
		await reconcile();

		expect(router.held.text).not.toBe(before);
		expect(await stored(id)).toMatchObject({ state: 'Connected', appliedRevision: 2 });
	});

	it('keeps its state while the router is silent, which is reported after three intervals', async () => {
		const { id } = await connect();
		await reconcile();
		memory.outside.check = () => ({ silence: { code: 'unreachable', detail: 'no answer' } });
		for (const seconds of [0, 30, 60, 90, 120]) {
			memory.outside.now = later(seconds);
			await check();
		}

		await sendAlerts(memory.ports, 'acme');

		expect((await stored(id))?.state).toBe('Connected');
		expect(memory.seen.sent.map(({ subject }) => subject)).toEqual([expect.stringContaining('is not reporting')]);
	});

	it('is pushed by the tick if the hint was lost', async () => {
		const { id } = await connect();
		memory.seen.reconciles.length = 0;
		await tick(memory.ports);
		expect(memory.seen.reconciles).toEqual([vpcId]);

		await reconcile();

		expect((await stored(id))?.state).toBe('Connected');
	});

	it('is checked every interval: a tick enqueues the checks of its minute, the later ones delayed', async () => {
		await connect();

		await tick(memory.ports);

		expect(memory.seen.checks.map(({ message, delaySeconds }) => [message.vpcIds, delaySeconds])).toEqual([
			[[vpcId], 0],
			[[vpcId], 30],
		]);
	});

	it('is checked once per interval, however often its minute is delivered', async () => {
		await connect();
		await reconcile();
		memory.seen.checks.length = 0;
		const minute = '2026-01-02T03:05:00Z';
		await tick(memory.ports, { scheduledAt: minute });
		memory.outside.now = later(90);
		await tick(memory.ports, { scheduledAt: minute });
		expect(memory.seen.checks).toHaveLength(2);
		expect(memory.seen.metrics.filter(({ name }) => name === 'Ticks')).toHaveLength(1);

		await tick(memory.ports, { scheduledAt: '2026-01-02T03:06:00Z' });
		await tick(memory.ports);
		expect(memory.seen.checks).toHaveLength(6);
	});

	it('is checked with up to fifty routers at a time, spread over two thirds of the interval, the silent ones first and apart', async () => {
		const due = (shard: number) =>
			Array.from({ length: 20 }, (_, n) => ({
				id: `vpc-${String(shard * 100 + n).padStart(8, '0')}`,
				routerInstanceId: 'i-0123456789abcdef0',
				...(n === 0 ? { silentSince: later(0).toISOString() } : {}),
			}));
		memory.ports.store.dueVpcs = async (shard) => due(shard);

		await tick(memory.ports, { scheduledAt: later(0).toISOString() });

		expect(memory.seen.checks.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 4, 8, 12, 16, 30, 34, 38, 42, 46]);
		expect(memory.seen.checks.slice(0, 5).map(({ message }) => message.vpcIds.length)).toEqual([8, 50, 50, 50, 2]);
		for (const { message, delaySeconds } of memory.seen.checks) {
			expect(message.tickAt).toBe(later(delaySeconds).toISOString());
		}
	});

	it('is checked at once after a tick by hand', async () => {
		memory.ports.store.dueVpcs = async (shard) =>
			Array.from({ length: 20 }, (_, n) => ({
				id: `vpc-${String(shard * 100 + n).padStart(8, '0')}`,
				routerInstanceId: `i-${n}`,
			}));

		await tick(memory.ports);

		expect(memory.seen.checks.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 0, 0, 0, 30, 30, 30, 30]);
	});

	it('is checked separately if Run Command refuses its router', async () => {
		const refused = { silentSince: later(0).toISOString(), silence: { code: 'not-managed', detail: '' } } as const;
		memory.ports.store.dueVpcs = async (shard) =>
			shard > 0
				? []
				: [1, 2, 3, 4].map((n) => ({ id: `vpc-0000000${n}`, routerInstanceId: `i-${n}`, ...(n < 3 ? refused : {}) }));

		await tick(memory.ports);

		expect(memory.seen.checks.slice(0, 3).map(({ message }) => message.vpcIds)).toEqual([
			['vpc-00000001'],
			['vpc-00000002'],
			['vpc-00000003', 'vpc-00000004'],
		]);
	});

	it('is not checked by a message that comes too late, whose lag is counted', async () => {
		await connect();
		await reconcile();
		memory.seen.metrics.length = 0;
		router.down.add('192.0.2.2');
		memory.outside.now = later(25);

		await checkRouters(memory.ports, { vpcIds: [vpcId], tickAt: later(0).toISOString() });

		expect(memory.seen.alertHints).toEqual([]);
		expect(memory.seen.metrics).toEqual([{ name: 'CheckLag', value: 25, dimensions: {} }]);
	});

	it('has its bytes counted by the hour, and nothing written by a check that finds nothing new', async () => {
		const { id } = await connect();
		await reconcile();
		await check();
		const before = (await stored(id))?.rev;
		memory.outside.now = later(20);
		await check();
		expect((await stored(id))?.rev).toBe(before);

		router.bytes.set('192.0.2.2', [10_000, 20_000]);
		memory.outside.now = later(60);
		await check();
		router.bytes.set('192.0.2.2', [500, 700]);
		memory.outside.now = later(60 + 16 * 60);
		await check();

		expect((await stored(id))?.counters).toMatchObject({ bytesIn: 10_500, bytesOut: 20_700 });
		const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-03T00:00:00.000Z' };
		expect(await memory.ports.usage.ofConnection(id, window)).toEqual([
			{ accountId: 'acme', connectionId: id, hour: '2026-01-02T03:00:00.000Z', bytesIn: 10_500, bytesOut: 20_700 },
		]);
	});

	it('is the only one of fifty created for the same customer gateway', async () => {
		const { id: customerGatewayId } = await customerGateway();
		const tries = Array.from({ length: 50 }, () =>
			createVpnConnection(memory.ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId } }),
		);

		const outcomes = await Promise.allSettled(tries);

		expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { kind?: string }).kind] : []));
		expect(new Set(lost)).toEqual(new Set(['customer-gateway-in-use']));
		expect(Object.keys((await memory.ports.store.get('vpcs', vpcId))?.slots ?? {})).toHaveLength(1);
	});

	it('cannot be created or reset while VPN is disabled for the account, but can be deleted', async () => {
		const { id } = await connect();
		await putAccount(memory.ports, 'acme', { vpnEnabled: false });

		await expect(customerGateway(3)).rejects.toMatchObject({ kind: 'vpn-disabled' });
		await expect(resetVpnConnection(memory.ports, { caller: tenant, id })).rejects.toMatchObject({ kind: 'vpn-disabled' });
		expect((await deleteVpnConnection(memory.ports, { caller: tenant, id })).state).toBe('Deleting');
	});

	it('leaves no secret behind if its customer gateway was refused or its creation was cut off', async () => {
		await customerGateway(2);
		await expect(customerGateway(2)).rejects.toMatchObject({ kind: 'name-taken' });
		expect(memory.seen.secrets.size).toBe(1);
		const cut = { ...memory.ports, store: { ...memory.ports.store, transact: async () => Promise.reject(new Error('killed')) } };
		const input = { gateway: '192.0.2.9', remoteCidrs: ['10.9.0.0/24'], ...suite, psk: new Secret('never used at all') };
		await expect(createCustomerGateway(cut, { caller: tenant, input })).rejects.toThrow('killed');
		expect(memory.seen.secrets.size).toBe(2);

		memory.outside.now = later(600);
		await tick(memory.ports);

		expect(memory.seen.secrets.size).toBe(1);
		expect(memory.seen.intents.size).toBe(0);
	});
});
