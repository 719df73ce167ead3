import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import type { Ports } from '../../functions/ports.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { finishIntents } from '../../functions/usecases/loops/finish-intents.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { aReport, later } from '../support/builders.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const router = 'i-0123456789abcdef0';
const at = (second: number) => later(second).toISOString();

describe('a check', () => {
	let t: Tenant;
	let ports: Ports;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		await t.connect(2);
		await t.connect(3);
		await t.reconcile();
		t.memory.seen.metrics.length = 0;
	});
	const counted = () => t.memory.seen.metrics.map(({ name, value, dimensions }) => [name, value, ...Object.values(dimensions)]);
	const check = (tickAt = ports.clock().toISOString()) => checkRouters(ports, { vpcIds: [vpcId], tickAt });

	it('counts connections by state, silent routers, throttles, and how late it is', async () => {
		t.router.down.add('192.0.2.3');
		await check();
		t.memory.seen.metrics.length = 0;
		t.memory.outside.now = later(6);
		await check(at(3));

		expect(counted()).toEqual([
			['Connections', 1, 'Connected'],
			['Connections', 1, 'Disconnected'],
			['UnreachableRouters', 0],
			['Throttles', 0],
			['CheckLag', 3],
		]);
	});

	it.each([
		['unreachable', 1, 0],
		['throttled', 1, 1],
	] as const)('counts a router that is %s', async (code, silent, throttled) => {
		t.memory.outside.check = () => ({ silence: { code, detail: 'x' } });
		const warned: unknown[] = [];
		ports.log.warn = (...given) => void warned.push(given);

		await check();

		expect(counted()).toContainEqual(['UnreachableRouters', silent]);
		expect(counted()).toContainEqual(['Throttles', throttled]);
		expect(warned).toEqual([['router silent', { vpcId, code, detail: 'x' }]]);
	});

	it.each([
		[10, 7_000],
		[20, 17_000],
		[30, 20_000],
		[60, 20_000],
	])('of an interval of %i s ends after %i ms at most', async (interval, deadline) => {
		const deadlines: number[] = [];
		const { check: ask } = ports.routers;
		ports.settings.checkIntervalSeconds = interval as 10;
		ports.routers.check = async (ids, ms, answered) => {
			deadlines.push(ms);
			return ask(ids, ms, answered);
		};

		await check();

		expect(deadlines).toEqual([deadline]);
	});

	it('is made until four fifths of its interval are over', async () => {
		const asked: unknown[] = [];
		ports.routers.check = async (ids) => {
			asked.push(ids);
			return new Map();
		};
		t.memory.outside.now = later(24);
		await check(at(0));
		expect(asked).toEqual([[router]]);
		t.memory.outside.now = later(24.001);
		await check(at(0));
		expect(asked).toHaveLength(1);
	});

	it('asks no router of a VPC that is not due, and counts nothing then', async () => {
		ports.routers.check = async () => {
			throw new Error('nobody is to be asked');
		};
		const row = await ports.store.get('vpcs', vpcId);
		if (row !== undefined) await ports.store.transact([{ put: 'vpcs', next: { ...row, networks: [] }, current: row }]);

		await check();
		await checkRouters(ports, { vpcIds: [], tickAt: at(0) });

		expect(counted()).toEqual([]);
	});

	it('leaves rows alone that change while it asks, and says so', async () => {
		const said: unknown[] = [];
		ports.log.info = (...given) => void said.push(given);
		t.router.down.add('192.0.2.2');
		const { transact } = ports.store;
		ports.store.transact = async (writes) => {
			ports.store.transact = transact;
			const row = await ports.store.get('vpcs', vpcId);
			if (row !== undefined) await transact([{ put: 'vpcs', next: row, current: row }]);
			const [, ...connections] = [row, ...(await ports.store.getMany('connections', Object.keys(row?.slots ?? {})))];
			for (const one of connections) await transact([{ put: 'connections', next: one, current: one }]);
			return transact(writes);
		};

		await check();

		expect(said).toEqual([['check overtaken by a change', { vpcId }]]);
		expect(t.memory.seen.alertHints).toEqual([]);
	});
});

describe('a reconcile', () => {
	let t: Tenant;
	let ports: Ports;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
	});

	it('of a VPC that is not there does nothing', async () => {
		await reconcileRouter(ports, { vpcId: 'vpc-99999999', owner: 'one' });

		expect(t.memory.seen.pushes).toEqual([]);
	});

	it('asks a router first that has yet to say what it runs, and renders for that', async () => {
		const asked: unknown[] = [];
		const { check } = ports.routers;
		ports.routers.check = async (...given) => {
			asked.push(given);
			return check(...given);
		};
		const { apply } = t.memory.outside;
		t.memory.outside.check = () => ({
			report: aReport({ flavor: 'openswan', version: '2.6.38', revision: 'none', connections: [] }),
		});
		t.memory.outside.apply = apply;
		await t.connect();
		await t.reconcile();

		expect(asked).toEqual([[[router], 20_000]]);
		expect(t.memory.seen.pushes[0]?.text).toContain('dialect openswan\n');
		expect((await ports.store.get('vpcs', vpcId))?.router).toBeDefined();
		await t.reconcile();
		expect(asked).toHaveLength(1);
	});

	it('asks none that has no connections', async () => {
		ports.routers.check = async () => {
			throw new Error('nobody is to be asked');
		};

		await t.reconcile();

		expect(t.memory.seen.pushes.map(({ instanceId, revision }) => [instanceId, revision])).toEqual([
			[router, expect.stringMatching(/^0-[0-9a-f]{16}$/)],
		]);
	});

	it('has a tunnel that is not up yet looked at after five and fifteen seconds, and one that is not', async () => {
		t.router.down.add('192.0.2.2');
		await t.connect(2);
		t.memory.seen.checks.length = 0;
		await t.reconcile();

		expect(t.memory.seen.checks).toEqual([
			{ message: { vpcIds: [vpcId], tickAt: at(5) }, delaySeconds: 5 },
			{ message: { vpcIds: [vpcId], tickAt: at(15) }, delaySeconds: 15 },
		]);
		t.memory.seen.checks.length = 0;
		await t.connect(3);
		await t.reconcile();
		expect(t.memory.seen.checks).toEqual([]);
	});

	it('has none looked at that nobody checks', async () => {
		t.router.down.add('192.0.2.2');
		await t.connect(2);
		const row = await ports.store.get('vpcs', vpcId);
		if (row !== undefined) await ports.store.transact([{ put: 'vpcs', next: { ...row, networks: [] }, current: row }]);

		await t.reconcile();

		expect(t.memory.seen.checks).toEqual([]);
	});

	it('of the tick does nothing where the router is not behind', async () => {
		await t.connect();
		await t.reconcile();
		const pushes = t.memory.seen.pushes.length;

		await reconcileRouter(ports, { vpcId, owner: 'tick', ifBehind: true });
		expect(t.memory.seen.pushes).toHaveLength(pushes);
		await reconcileRouter(ports, { vpcId, owner: 'hint' });
		expect(t.memory.seen.pushes).toHaveLength(pushes + 1);
	});

	it('says what it does, and who does not answer', async () => {
		const said: unknown[] = [];
		ports.log.info = (...given) => void said.push(given);
		ports.log.warn = (...given) => void said.push(given);
		t.memory.outside.apply = () => ({ silence: { code: 'unreachable', detail: 'gone' } });
		await t.connect();
		await t.reconcile();

		expect(said).toEqual([
			['apply', { vpcId, instanceId: router, revision: expect.stringMatching(/^1-/), connections: 1 }],
			['router silent', { vpcId, code: 'unreachable', detail: 'gone' }],
		]);
	});

	it('stops at a row that was torn out of the table by hand, and names it', async () => {
		const { customerGatewayId, id } = await t.connect();
		t.memory.seen.kept.rows.customerGateways.clear();

		await expect(t.reconcile()).rejects.toThrow(new RegExp(`${customerGatewayId}.*${id}`));
		expect((await ports.store.get('vpcs', vpcId))?.lease).toBeUndefined();
	});
});

describe('a delete that an admin forces', () => {
	it('frees the place and the customer gateway at once, with an event of who did it', async () => {
		const t = await aTenant();
		const { ports, seen } = t.memory;
		const { id, customerGatewayId } = await t.connect();
		await t.reconcile();
		const before = await ports.store.get('vpcs', vpcId);
		t.memory.outside.now = later(60);
		seen.reconciles.length = 0;

		const gone = await deleteVpnConnection(ports, { caller: admin, id, force: true });

		expect(gone).toMatchObject({ id, state: 'Deleting' });
		expect(await ports.store.get('vpcs', vpcId)).toMatchObject({ slots: {}, generation: (before?.generation ?? 0) + 1 });
		const customerGateway = await ports.store.get('customerGateways', customerGatewayId);
		expect(customerGateway).toMatchObject({ updatedAt: at(60) });
		expect(customerGateway?.connectionId).toBeUndefined();
		expect(seen.kept.events.at(-1)).toMatchObject({ who: 'root', from: 'Connected', to: 'gone', why: 'forced' });
		expect(seen.reconciles).toEqual([vpcId]);
	});

	it('is made where the customer gateway is not there any more', async () => {
		const t = await aTenant();
		const { id } = await t.connect();
		t.memory.seen.kept.rows.customerGateways.clear();

		await deleteVpnConnection(t.memory.ports, { caller: admin, id, force: true });

		expect(await t.stored(id)).toBeUndefined();
	});

	it('is no error twice where it is not forced', async () => {
		const t = await aTenant();
		const { id } = await t.connect();
		await deleteVpnConnection(t.memory.ports, { caller: tenant, id });
		const again = await deleteVpnConnection(t.memory.ports, { caller: tenant, id });

		expect(again).toMatchObject({ state: 'Deleting', version: 2 });
		expect(t.memory.seen.kept.events.filter(({ to }) => to === 'Deleting')).toHaveLength(1);
		expect(t.memory.seen.kept.events.at(-1)).toMatchObject({ who: 'jo', from: 'Pending', why: 'deleted' });
	});
});

describe('the tick', () => {
	it('hints what is behind, whom an alert is owed for a minute, and counts itself', async () => {
		const t = await aTenant();
		const { ports, seen } = t.memory;
		await t.connect();
		seen.reconciles.length = 0;
		const before: string[] = [];
		ports.events.accountsOwed = async (owedBefore) => {
			before.push(owedBefore);
			return ['acme', 'other'];
		};
		t.memory.outside.now = later(600);

		await tick(ports);

		expect(seen.reconciles).toEqual([vpcId]);
		expect(before).toEqual([at(540)]);
		expect(seen.alertHints).toEqual(['acme', 'other']);
		expect(seen.metrics).toContainEqual({ name: 'Ticks', value: 1, dimensions: {} });
	});

	it('of a minute that was there already is logged, and does nothing', async () => {
		const t = await aTenant();
		const warned: unknown[] = [];
		t.memory.ports.log.warn = (...given) => void warned.push(given);
		const scheduledAt = '2026-01-02T03:05:00Z';
		const turns: unknown[] = [];
		const { take } = t.memory.ports.turns;
		t.memory.ports.turns.take = async (...given) => {
			turns.push(given.slice(0, 1).concat(given.slice(2)));
			return take(...given);
		};

		await tick(t.memory.ports, { scheduledAt });
		await tick(t.memory.ports, { scheduledAt });

		expect(turns).toEqual([
			[`tick#${scheduledAt}`, 3_600],
			[`tick#${scheduledAt}`, 3_600],
		]);
		expect(warned).toEqual([['minute delivered again', { scheduledAt }]]);
	});

	it('uses more of the interval for more checks than ten a second', async () => {
		const t = await aTenant();
		const refused = { silentSince: at(0), silence: { code: 'not-managed', detail: '' } } as const;
		t.memory.ports.store.dueVpcs = async (shard) =>
			shard > 0 ? [] : Array.from({ length: 250 }, (_, n) => ({ id: `vpc-${n}`, routerInstanceId: `i-${n}`, ...refused }));

		await tick(t.memory.ports, { scheduledAt: at(0) });

		const delays = t.memory.seen.checks.slice(0, 250).map(({ delaySeconds }) => delaySeconds);
		expect([delays[0], delays[9], delays[10], delays[249]]).toEqual([0, 0, 1, 24]);
	});
});

describe('keys that a crash has left', () => {
	it('are deleted after five minutes where their customer gateway is not there', async () => {
		const t = await aTenant();
		const { ports, seen } = t.memory;
		const said: unknown[] = [];
		ports.log.info = (...given) => void said.push(given);
		const { id } = await t.customerGateway();
		for (const customerGatewayId of ['cgw-lost', id]) {
			await ports.secrets.put('acme', customerGatewayId, new Secret('left behind'));
			await ports.secretIntents.put({ id: `of ${customerGatewayId}`, accountId: 'acme', customerGatewayId, madeAt: at(0) });
		}
		t.memory.outside.now = later(300);
		await finishIntents(ports);
		expect(seen.intents.size).toBe(2);

		t.memory.outside.now = later(300.001);
		await finishIntents(ports);

		expect([...seen.secrets.keys()]).toEqual([`acme/${id}`]);
		expect(seen.intents.size).toBe(0);
		expect(said).toEqual([[expect.stringContaining('secret'), { customerGatewayId: 'cgw-lost' }]]);
	});
});

describe('alerts that are sent', () => {
	const owe = (t: Tenant, count: number) => {
		for (let n = 0; n < count; n++) {
			t.memory.seen.kept.events.push({
				subject: { kind: 'connection', id: 'vpnc-1' },
				id: `e${n}`,
				accountId: 'acme',
				vpcId,
				at: at(0),
				who: 'check',
				kind: 'state',
				expiresAt: 2_000_000_000,
				alert: { alertId: `a${String(count - n).padStart(3, '0')}`, subject: `s${n}`, email: 'e', sms: 'm', owedAt: at(0) },
			});
		}
	};

	it('are counted and logged, and marked as paid when SNS has them', async () => {
		const t = await aTenant();
		const { ports, seen } = t.memory;
		const said: unknown[] = [];
		ports.log.info = (...given) => void said.push(given);
		owe(t, 2);
		t.memory.outside.publish = () => {
			t.memory.outside.now = later(3);
		};

		await sendAlerts(ports, 'acme');

		expect(seen.sent).toEqual([
			{
				alertId: 'a001,a002',
				accountId: 'acme',
				subject: '2 VPN alerts',
				email: expect.any(String),
				sms: expect.any(String),
				texted: true,
			},
		]);
		expect(seen.kept.events.map(({ alert }) => [alert?.messageId, alert?.heldUntil, alert?.paidAt])).toEqual(
			Array.from({ length: 2 }, () => ['a001,a002', at(45), at(3)]),
		);
		expect(seen.metrics).toEqual([{ name: 'AlertsSent', value: 2, dimensions: {} }]);
		expect(said).toEqual([['alerts sent', { accountId: 'acme', alertId: 'a001,a002', count: 2 }]]);
		expect(seen.alertDelays).toEqual([]);
	});

	it('are named one by one up to fifty, and by a digest beyond', async () => {
		const idOfMany = async (count: number) => {
			const t = await aTenant();
			owe(t, count);
			t.memory.outside.now = later(60);
			await sendAlerts(t.memory.ports, 'acme');
			return t.memory.seen.sent[0]?.alertId;
		};

		expect((await idOfMany(50))?.split(',')).toHaveLength(50);
		expect(await idOfMany(51)).toMatch(/^51-[0-9a-f]{32}$/);
		expect(await idOfMany(51)).toBe(await idOfMany(51));
		expect(await idOfMany(52)).not.toBe(await idOfMany(51));
	});
});
