import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { type Ports, StaleRead } from '../../functions/ports.ts';
import { createAlertSubscription } from '../../functions/usecases/alert-subscriptions/create-alert-subscription.ts';
import { deleteAlertSubscription } from '../../functions/usecases/alert-subscriptions/delete-alert-subscription.ts';
import { withStatus } from '../../functions/usecases/alert-subscriptions/list-alert-subscriptions.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../functions/usecases/customer-gateways/delete-customer-gateway.ts';
import { planCustomerGatewayChange } from '../../functions/usecases/customer-gateways/plan-customer-gateway-change.ts';
import { finishIntents } from '../../functions/usecases/loops/finish-intents.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { later } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, suite, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const at = (second: number) => later(second).toISOString();
const oldRouter = 'i-0123456789abcdef0';
const newRouter = 'i-00000000000000002';

describe('a tenant with a connection', () => {
	let t: Tenant;
	let ports: Ports;
	let id: string;
	let customerGatewayId: string;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		({ id, customerGatewayId } = await t.connect());
		await t.reconcile();
	});
	const events = () => t.memory.seen.kept.events;

	describe('is held to the rules by', () => {
		it('a change of the VPC', async () => {
			const patch = (change: Parameters<typeof patchVpc>[1]['patch']) =>
				patchVpc(ports, { caller: admin, id: vpcId, patch: change });

			await expect(patch({ remoteAccessVpn: true })).rejects.toMatchObject({ kind: 'remote-access-vpn' });
			await expect(patch({ cidr: '10.2.0.0/16' })).rejects.toMatchObject({ kind: 'in-use' });
			await expect(patch({ publicIps: [{ ip: '192.0.2.9', sourceNat: true }] })).rejects.toMatchObject({ kind: 'in-use' });
		});

		it('the floor of the deployment, wherever a suite is new', async () => {
			const { id: unused } = await t.customerGateway(3);
			ports.settings.cryptoFloor = { legacy: 'deny' };
			const denied = { kind: 'crypto-denied' };
			const input = { gateway: '192.0.2.9', remoteCidrs: ['10.9.0.0/24'], ...suite, psk: new Secret('secret number 9') };

			await expect(createCustomerGateway(ports, { caller: tenant, input })).rejects.toMatchObject(denied);
			const connection = { vpnGatewayId: t.vpnGatewayId, customerGatewayId: unused };
			await expect(createVpnConnection(ports, { caller: tenant, input: connection })).rejects.toMatchObject(denied);
			await expect(t.patch(unused, { forceEncaps: true })).rejects.toMatchObject(denied);
			await expect(t.patch(customerGatewayId, { forceEncaps: true })).rejects.toMatchObject(denied);
			await t.patch(unused, { name: 'still mine' });
		});

		it('the floor of the deployment that was raised before a change is pushed', async () => {
			await resetVpnConnection(ports, { caller: tenant, id });
			ports.settings.cryptoFloor = { legacy: 'deny' };

			await t.reconcile();

			expect(await t.stored(id)).toMatchObject({ state: 'Error', stateReason: { code: 'crypto-denied' } });
			expect(t.memory.seen.alertHints).toEqual(['acme']);
		});

		it('the end of a connection: one that is Deleting is not reset', async () => {
			await deleteVpnConnection(ports, { caller: tenant, id });

			await expect(resetVpnConnection(ports, { caller: tenant, id })).rejects.toMatchObject({
				kind: 'illegal-state',
				message: expect.stringContaining(`${id} is Deleting`),
			});
			await expect(t.patch(customerGatewayId, { forceEncaps: true })).rejects.toMatchObject({
				kind: 'illegal-state',
				message: expect.stringMatching(new RegExp(`${id} is Deleting.*${customerGatewayId}`)),
			});
			await patchVpc(ports, { caller: admin, id: vpcId, patch: { cidr: '10.0.0.0/15' } });
			expect(await t.stored(id)).toMatchObject({ state: 'Deleting' });
		});

		it('the account of a gateway: an admin connects what belongs together', async () => {
			const { id: unused } = await t.customerGateway(3);
			const input = { vpnGatewayId: t.vpnGatewayId, customerGatewayId: unused };
			const wrong = { kind: 'not-found', errors: [{ pointer: '/vpnGatewayId' }] };

			await expect(createVpnConnection(ports, { caller: admin, input: { ...input, accountId: 'other' } })).rejects.toMatchObject(
				wrong,
			);
			const unknown = { ...input, vpnGatewayId: 'vgw-00000000000000000' };
			await expect(createVpnConnection(ports, { caller: admin, input: unknown })).rejects.toMatchObject(wrong);
			const { connection } = await createVpnConnection(ports, { caller: admin, input });
			expect(connection).toMatchObject({ accountId: 'acme', passive: false });
		});
	});

	it('has an event of each thing that is done to it', async () => {
		await resetVpnConnection(ports, { caller: tenant, id });
		await t.patch(customerGatewayId, { forceEncaps: true });

		const own = events().filter(({ subject }) => subject.id === id);
		expect(own.map(({ who, kind, from, to, why }) => [who, kind, from, to, why])).toEqual([
			['jo', 'state', undefined, 'Pending', 'created'],
			['reconcile', 'state', 'Pending', 'Connected', undefined],
			['jo', 'state', 'Connected', 'Pending', 'reset'],
			['jo', 'state', 'Pending', 'Pending', 'the customer gateway was changed'],
		]);
		expect(own.at(-1)?.detail).toBe('/forceEncaps');
	});

	describe('changes its customer gateway, and', () => {
		it('an intent stands for the time in which a new key has no row, and no other', async () => {
			const put: unknown[] = [];
			const { put: putIntent } = ports.secretIntents;
			ports.secretIntents.put = async (intent) => {
				put.push(intent);
				return putIntent(intent);
			};
			await t.patch(customerGatewayId, { forceEncaps: true });
			expect(put).toEqual([]);

			await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
			expect(put).toEqual([{ id: expect.any(String), accountId: 'acme', customerGatewayId, madeAt: at(0) }]);
			expect(t.memory.seen.intents.size).toBe(0);
		});

		it('is told where the name is taken, and gives its old one free', async () => {
			await t.customerGateway(3);
			await expect(t.patch(customerGatewayId, { name: 'office 3' })).rejects.toMatchObject({
				kind: 'name-taken',
				message: expect.stringContaining('office 3'),
				errors: [{ pointer: '/name', detail: expect.stringContaining('office 3') }],
			});
			await t.patch(customerGatewayId, { name: 'harbour' });

			expect(await ports.store.holderOf('customerGateways', 'name#acme#office 2')).toBeUndefined();
			expect(await ports.store.holderOf('customerGateways', 'name#acme#harbour')).toBe(customerGatewayId);
		});

		it('the router is hinted where it has to hold something else, and only then', async () => {
			t.memory.seen.reconciles.length = 0;
			await t.patch(customerGatewayId, { name: 'harbour' });
			await t.patch(customerGatewayId, { forceEncaps: false });
			expect(t.memory.seen.reconciles).toEqual([]);

			await t.patch(customerGatewayId, { forceEncaps: true });
			expect(t.memory.seen.reconciles).toEqual([vpcId]);
		});

		it('its connection is watched for a key on trial, and for nothing where there is none', async () => {
			await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
			expect((await t.stored(id))?.keyOnTrial).toBe(true);
			const other = await t.connect(3);
			await t.patch(other.customerGatewayId, { psk: new Secret('the third secret') });
			expect((await t.stored(other.id))?.keyOnTrial).toBeUndefined();
		});

		it('a plan says which tunnels come, bounce and go, what is doubtful, and which files differ', async () => {
			ports.settings.cryptoFloor = { legacy: 'warn' };
			const plan = await planCustomerGatewayChange(ports, {
				caller: tenant,
				id: customerGatewayId,
				patch: { remoteCidrs: ['10.20.0.0/24'] },
			});
			const place = { connectionId: id, localCidr: '10.1.0.0/16' };

			expect(plan.tunnels).toEqual([
				{ ...place, remoteCidr: '10.20.0.0/24', effect: 'comes' },
				{ ...place, remoteCidr: '10.2.0.0/24', effect: 'goes' },
			]);
			expect(plan.warnings).toEqual([expect.stringContaining('legacy')]);
			expect(plan.files.map(({ path }) => path)).toEqual([`/etc/ipsec.d/s2s/${id}.conf`]);
			expect(plan.files[0]?.diff).toMatch(/\tnow\n\+\+\+ .*\tthen\n@@ /);
			expect(plan.files[0]?.diff).toMatch(/^-# s2s .* revision 1\n\+# s2s .* revision 2\n/m);
			const renamed = await planCustomerGatewayChange(ports, { caller: tenant, id: customerGatewayId, patch: { name: 'x' } });
			expect(renamed).toEqual({ dryRun: true, changes: [expect.anything()], files: [], tunnels: [], peer: [] });
		});
	});

	it('deletes a customer gateway with its name and its key, and only where no connection uses it', async () => {
		await expect(deleteCustomerGateway(ports, { caller: tenant, id: customerGatewayId })).rejects.toMatchObject({
			kind: 'in-use',
			message: expect.stringMatching(new RegExp(`${id}.*${customerGatewayId}`)),
		});
		t.memory.outside.now = later(600);
		await finishIntents(ports);
		expect(t.memory.seen.secrets.has(`acme/${customerGatewayId}`)).toBe(true);

		const { id: unused } = await t.customerGateway(3);
		ports.secrets.delete = async () => Promise.reject(new Error('killed'));
		await expect(deleteCustomerGateway(ports, { caller: tenant, id: unused })).rejects.toThrow('killed');
		expect(await ports.store.holderOf('customerGateways', 'name#acme#office 3')).toBeUndefined();
		expect([...t.memory.seen.intents.values()]).toEqual([
			{ id: expect.any(String), accountId: 'acme', customerGatewayId: unused, madeAt: at(600) },
		]);
	});

	it('gives a customer gateway dead-peer detection unless it says how', async () => {
		const row = await ports.store.get('customerGateways', customerGatewayId);

		expect(row?.dpd).toEqual({ enabled: true, delaySeconds: 30, timeoutSeconds: 120 });
		expect(row?.forceEncaps).toBe(false);
	});

	describe('moves to another router, whose former one', () => {
		const move = () => patchVpc(ports, { caller: admin, id: vpcId, patch: { routerInstanceId: newRouter } });
		const retired = async () => (await ports.store.get('vpcs', vpcId))?.retired;
		const oldIs = (code: 'unreachable' | 'not-managed') => {
			const { apply } = t.memory.outside;
			t.memory.outside.apply = (push) => (push.instanceId === oldRouter ? { silence: { code, detail: 'stopped' } } : apply(push));
		};
		const pushesToOld = () => t.memory.seen.pushes.filter(({ instanceId }) => instanceId === oldRouter).length;

		it('is tried again when its time has come, not before, and each silence is logged', async () => {
			const warned: unknown[] = [];
			ports.log.warn = (...given) => void warned.push(given);
			oldIs('unreachable');
			await move();
			await t.reconcile();
			const before = pushesToOld();
			expect(await retired()).toEqual([{ instanceId: oldRouter, retry: { at: at(60), attempts: 2, since: at(0) } }]);

			t.memory.outside.now = later(59);
			await t.reconcile();
			expect(pushesToOld()).toBe(before);
			t.memory.outside.now = later(60);
			await t.reconcile();
			expect(pushesToOld()).toBe(before + 1);
			expect(warned).toContainEqual([
				expect.stringContaining('silent'),
				{ vpcId, instanceId: oldRouter, code: 'unreachable', detail: 'stopped' },
			]);
		});

		it.each([
			['clean', 0, 'retired-router-clean'],
			['gone', 25 * 3_600, 'retired-router-gone'],
		] as const)('ends %s, with an event that names it', async (end, seconds, why) => {
			if (end === 'gone') oldIs('not-managed');
			await move();
			t.memory.outside.now = later(seconds);
			await t.reconcile();

			expect(await retired()).toBeUndefined();
			const event = events().findLast((one) => one.why?.startsWith('retired-router'));
			expect(event).toMatchObject({ subject: { kind: 'router', id: vpcId }, who: 'reconcile', kind: 'router', why });
			expect(event?.detail).toContain(oldRouter);
			expect(event?.detail?.includes('a day')).toBe(end === 'gone');
		});

		it('is hinted at once', async () => {
			t.memory.seen.reconciles.length = 0;
			await move();

			expect(t.memory.seen.reconciles).toEqual([vpcId]);
		});
	});

	describe('is checked, and', () => {
		it('its rows are read as an index may have them: a check is decided on what it reads, and held to it', async () => {
			const asked: unknown[] = [];
			const { getMany } = ports.store;
			ports.store.getMany = async (table, ids, options) => {
				asked.push([table, options]);
				return getMany(table, ids, options);
			};
			await t.check();

			expect(asked.slice(0, 2)).toEqual([
				['vpcs', { mayLag: true }],
				['connections', { mayLag: true }],
			]);
		});

		it('what it carried is kept for four hundred days', async () => {
			t.router.bytes.set('192.0.2.2', [10, 20]);
			const added: unknown[] = [];
			const { transact } = ports.store;
			ports.store.transact = async (writes) => {
				for (const write of writes) if ('add' in write) added.push(write.add);
				return transact(writes);
			};
			t.memory.outside.now = later(30);
			await t.check();

			expect(added).toEqual([
				{
					accountId: 'acme',
					connectionId: id,
					hour: '2026-01-02T03:00:00.000Z',
					bytesIn: 10,
					bytesOut: 20,
					expiresAt: later(30).getTime() / 1_000 + 400 * 86_400,
				},
			]);
		});

		it('what it carried waits for the next check where its row changes meanwhile', async () => {
			t.router.bytes.set('192.0.2.2', [10, 20]);
			const { transact } = ports.store;
			ports.store.transact = async () => {
				throw new StaleRead('lost');
			};
			await t.check();
			expect(t.memory.seen.checks).toEqual([]);

			ports.store.transact = async () => Promise.reject(new Error('throttled'));
			t.memory.seen.checks.length = 0;
			await t.check();
			expect(t.memory.seen.checks).toHaveLength(1);
			ports.store.transact = transact;
			await t.check();
			expect((await t.stored(id))?.counters).toMatchObject({ bytesIn: 10, bytesOut: 20 });
		});

		it('a check that was late, or could not be written, is logged', async () => {
			const said: unknown[] = [];
			ports.log.warn = (...given) => void said.push(given);
			ports.log.error = (...given) => void said.push(given);
			t.router.down.add('192.0.2.2');
			ports.store.transact = async () => Promise.reject(new TypeError('throttled'));
			await t.check();

			expect(said).toEqual([['check not written', { vpcId, error: new TypeError('throttled') }]]);
		});
	});

	it('is hinted by the tick to be reconciled only if it is behind', async () => {
		const hints: unknown[] = [];
		await resetVpnConnection(ports, { caller: tenant, id });
		ports.queues.reconcile = async (...given) => void hints.push(given);

		await tick(ports);

		expect(hints).toEqual([[[{ message: { vpcId, ifBehind: true } }]]]);
	});
});

describe('an account that subscribes to alerts', () => {
	const sms = { protocol: 'sms', endpoint: '+4915112345678' } as const;
	const email = { protocol: 'email', endpoint: 'noc@example.org' } as const;

	it('is told whether its address has confirmed, and keeps those that SNS still has', async () => {
		const { ports, seen, outside } = memoryPorts();
		const subscribe = (input: typeof sms | typeof email) => createAlertSubscription(ports, { caller: tenant, input });
		const first = await subscribe(email);
		expect([first.status, (await subscribe(sms)).status]).toEqual(['pending', 'pending']);
		for (const one of seen.topic) one.confirmed = true;
		expect(await subscribe(email)).toEqual({ ...first, status: 'confirmed' });

		seen.topic = seen.topic.filter(({ protocol }) => protocol === 'email');
		const listed = () => withStatus(ports, { accountId: 'acme', items: seen.subscribed });
		expect(await listed()).toMatchObject([
			{ ...first, status: 'confirmed' },
			{ protocol: 'sms', status: 'pending' },
		]);
		outside.now = later(900);
		expect(await listed()).toEqual([{ ...first, status: 'confirmed' }]);
	});

	it('asks nobody where it has none', async () => {
		const { ports } = memoryPorts();
		ports.alerts.subscriptions = async () => Promise.reject(new Error('nobody is to be asked'));

		expect(await withStatus(ports, { accountId: 'acme', items: [] })).toEqual([]);
	});

	it('has at most twenty, and may name one of them again', async () => {
		const { ports } = memoryPorts();
		const asked: unknown[] = [];
		const { list } = ports.subscriptions;
		ports.subscriptions.list = async (accountId, page) => {
			asked.push(page);
			return list(accountId, page);
		};
		const subscribe = (n: number) =>
			createAlertSubscription(ports, { caller: tenant, input: { protocol: 'email', endpoint: `noc${n}@example.org` } });
		for (let n = 0; n < 20; n++) await subscribe(n);

		await expect(subscribe(20)).rejects.toMatchObject({ kind: 'too-many-subscriptions', message: expect.stringContaining('20') });
		expect((await subscribe(7)).endpoint).toBe('noc7@example.org');
		expect(asked).toEqual([{ limit: 100 }]);
	});

	it('cannot delete what is not there', async () => {
		const { ports } = memoryPorts();

		await expect(deleteAlertSubscription(ports, { caller: tenant, id: 'sub-1' })).rejects.toMatchObject({
			kind: 'not-found',
			message: expect.stringContaining('sub-1'),
		});
	});

	it('hears of what is still owed in another message, five seconds later, and waits for no other account’s', async () => {
		const { ports, seen, outside } = memoryPorts();
		const turns: string[] = [];
		const { take } = ports.turns;
		ports.turns.take = async (key, ...given) => {
			turns.push(key);
			return take(key, ...given);
		};
		const owe = (id: string, more: object = {}) =>
			seen.kept.events.push({
				subject: { kind: 'connection', id: 'vpnc-1' },
				id,
				accountId: 'acme',
				vpcId,
				at: at(0),
				who: 'check',
				kind: 'state',
				expiresAt: 2_000_000_000,
				alert: { alertId: id, subject: id, email: id, sms: id, owedAt: at(0), ...more },
			});
		owe('a', { messageId: 'm', leads: true, triedAt: at(-100), heldUntil: at(-50) });
		owe('b');
		outside.now = later(60);
		await sendAlerts(ports, 'acme');

		expect(seen.sent.map(({ alertId }) => alertId)).toEqual(['m']);
		expect(seen.alertDelays).toEqual([5]);
		expect(turns).toEqual(['alert#acme', 'alert-again#acme']);
	});
});
