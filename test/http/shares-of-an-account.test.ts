import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { type Ports, SecretsBusy, SecretsFull, StaleRead, TooMuchUsage } from '../../functions/ports.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { acme, admin, apiCaller } from '../support/api-caller.ts';
import { later } from '../support/builders.ts';
import { aTenant, admin as root, type Tenant, tenant, vpcId } from '../support/tenant.ts';

it('the usage of an account is asked for twenty times a minute, that of a connection and by an admin as often as needed', async () => {
	const t = await aTenant();
	const { id } = await t.connect();
	const call = apiCaller(t.memory.ports);
	for (let n = 0; n < 20; n++) expect((await call('GET /v1/usage')).status).toBe(200);

	expect(await call('GET /v1/usage')).toMatchObject({
		status: 429,
		body: { detail: expect.stringContaining('asked for its usage 20 times within a minute') },
	});
	expect((await call('GET /v1/usage', { who: { account: 'other' } })).status).toBe(200);
	expect((await call('GET /v1/usage', { who: admin, query: { accountId: 'acme' } })).status).toBe(200);
	expect((await call('GET /v1/vpn-connections/{id}/usage', {}, { id })).status).toBe(200);
	t.memory.outside.now = later(60);
	expect((await call('GET /v1/usage')).status).toBe(200);
});

it('the availability of connections that change all the time is asked for twenty times a minute, that of others as often as needed', async () => {
	const t = await aTenant();
	const { id } = await t.connect();
	const call = apiCaller(t.memory.ports);
	const availability = (who = acme) => call('GET /v1/vpn-connections/{id}/availability', { who }, { id });
	for (let n = 0; n < 25; n++) expect((await availability()).status).toBe(200);
	const { list } = t.memory.ports.events;
	const change = (await list(id, { limit: 1 })).items[0];
	if (change === undefined) throw new Error('the connection has no event');
	t.memory.ports.events.list = async () => ({
		items: Array.from({ length: 100 }, () => ({ ...change, kind: 'probe' as const })),
		next: 'more',
		behind: () => '',
	});
	for (let n = 0; n < 20; n++) expect((await availability()).status).toBe(200);

	expect(await availability()).toMatchObject({
		status: 429,
		body: { detail: expect.stringContaining('20 times for the availability of connections with more than 1000 changes') },
	});
	expect((await availability(admin)).status).toBe(200);
	t.memory.outside.now = later(60);
	expect((await availability()).status).toBe(200);
});

it('usage that no request can go through is refused with the way on, of an account and of all', async () => {
	const t = await aTenant();
	const call = apiCaller(t.memory.ports);
	const tooMuch = async () => {
		throw new TooMuchUsage('more than a request can read');
	};
	t.memory.ports.usage = { ...t.memory.ports.usage, ofAccount: tooMuch, ofAll: tooMuch };

	for (const [who, way] of [
		[acme, /shorter time/],
		[admin, /accountId/],
	] as const)
		expect(await call('GET /v1/usage', { who })).toMatchObject({
			status: 400,
			body: { detail: expect.stringMatching(way), errors: [{ pointer: '/from' }] },
		});
});

it('the configurations of an account’s devices are checked 120 times a minute', async () => {
	const t = await aTenant();
	const { id } = await t.connect();
	const call = apiCaller(t.memory.ports);
	const check = (who = acme) =>
		call('POST /v1/vpn-connections/{id}/peer-check', { who, body: { device: 'ios-12.4', text: 'hostname r1' } }, { id });
	for (let n = 0; n < 120; n++) expect((await check()).status).toBe(200);

	expect(await check()).toMatchObject({
		status: 429,
		body: { detail: expect.stringContaining('had 120 configurations checked within a minute') },
	});
	expect((await check(admin)).status).toBe(200);
	t.memory.outside.now = later(60);
	expect((await check()).status).toBe(200);
});

it('the customer gateways of an account are given a hundred keys a minute, new ones and changed ones together', async () => {
	const t = await aTenant();
	const { id, gateway: _old, remoteCidrs, ike, esp } = await t.customerGateway(4);
	const call = apiCaller(t.memory.ports);
	const change = (n: number, who = acme) =>
		call('PATCH /v1/vpn-customer-gateways/{id}', { who, body: { psk: `another secret ${n}` } }, { id });
	const create = (n: number) =>
		call('POST /v1/vpn-customer-gateways', {
			body: { gateway: `198.51.100.${n}`, remoteCidrs, ike, esp, psk: `a secret of its own ${n}` },
		});
	for (let n = 0; n < 90; n++) expect((await change(n)).status).toBe(200);
	for (let n = 0; n < 9; n++) expect((await create(n)).status).toBe(201);
	const versions = () => [...t.memory.seen.secretVersions];
	const before = versions();

	for (const refused of [
		await change(130),
		await create(130),
		await call('PATCH /v1/vpn-customer-gateways/{id}', { body: {}, query: { generate: 'true' } }, { id }),
	]) {
		expect(refused).toMatchObject({
			status: 429,
			body: { detail: expect.stringContaining('given its customer gateways 100 pre-shared keys within a minute') },
		});
	}
	expect(versions()).toEqual(before);
	expect(t.memory.seen.intents.size).toBe(0);
	expect((await call('PATCH /v1/vpn-customer-gateways/{id}', { body: { name: 'renamed' } }, { id })).status).toBe(200);
	expect((await change(131, admin)).status).toBe(200);
	t.memory.outside.now = later(60);
	expect((await change(132)).status).toBe(200);
});

it('a key that Parameter Store has no room for at the moment is refused, and leaves nothing behind', async () => {
	const t = await aTenant();
	const { id, remoteCidrs, ike, esp, ...before } = await t.customerGateway(4);
	const call = apiCaller(t.memory.ports);
	t.memory.ports.secrets.put = async () => {
		throw new SecretsBusy('throttled');
	};

	for (const refused of [
		await call('PATCH /v1/vpn-customer-gateways/{id}', { body: { psk: 'another secret of it' } }, { id }),
		await call('POST /v1/vpn-customer-gateways', {
			body: { gateway: '198.51.100.9', remoteCidrs, ike, esp, psk: 'a secret of its own' },
		}),
	])
		expect(refused).toMatchObject({ status: 429, body: { detail: expect.stringContaining('ask again in a few seconds') } });
	expect(t.memory.seen.intents.size).toBe(0);
	expect([...t.memory.seen.kept.rows.customerGateways.values()]).toMatchObject([{ id, pskVersion: before.pskVersion }]);
});

it('a customer gateway for whose key the stage has no room is refused, and leaves nothing behind', async () => {
	const t = await aTenant();
	const { remoteCidrs, ike, esp } = await t.customerGateway(4);
	t.memory.ports.secrets.put = async () => {
		throw new SecretsFull('10,000 parameters');
	};

	const body = { gateway: '198.51.100.9', remoteCidrs, ike, esp, psk: 'a secret of its own' };
	expect(await apiCaller(t.memory.ports)('POST /v1/vpn-customer-gateways', { body })).toMatchObject({
		status: 409,
		body: { type: 'urn:s2s-vpn:problem:too-many-customer-gateways', detail: expect.stringContaining('of all accounts') },
	});
	expect([t.memory.seen.intents.size, t.memory.seen.kept.rows.customerGateways.size]).toEqual([0, 1]);
});

it('a key that Parameter Store does not remove at the moment is removed later, and fails no request', async () => {
	const t = await aTenant();
	const { ports, seen, outside } = t.memory;
	const { id, remoteCidrs, ike, esp } = await t.customerGateway(4);
	const call = apiCaller(ports);
	const { delete: real } = ports.secrets;
	const busy = async () => {
		throw new SecretsBusy('throttled');
	};

	ports.secrets.delete = busy;
	expect((await call('DELETE /v1/vpn-customer-gateways/{id}', {}, { id })).status).toBe(204);
	const { put } = ports.secrets;
	ports.secrets.put = async (...of) => {
		await createCustomerGateway(Object.assign(Object.create(ports), { secrets: { put, delete: busy } }), {
			caller: tenant,
			input: { name: 'office', gateway: '198.51.100.8', remoteCidrs, ike, esp, psk: new Secret('a secret of another') },
		});
		return put(...of);
	};
	const body = { name: 'office', gateway: '198.51.100.9', remoteCidrs, ike, esp, psk: 'a secret of its own' };
	expect(await call('POST /v1/vpn-customer-gateways', { body })).toMatchObject({
		status: 409,
		body: { type: 'urn:s2s-vpn:problem:name-taken' },
	});
	expect(seen.secrets.size).toBe(3);

	outside.now = later(301);
	await expect(tick(ports)).resolves.toBeUndefined();
	expect(seen.secrets.size).toBe(3);
	ports.secrets.delete = real;
	await tick(ports);
	expect([...seen.secrets.keys()]).toHaveLength(1);
	expect(seen.intents.size).toBe(0);
});

it('the alert subscriptions of an account are listed sixty times a minute', async () => {
	const t = await aTenant();
	const call = apiCaller(t.memory.ports);
	const list = (who = acme) => call('GET /v1/alert-subscriptions', { who });
	for (let n = 0; n < 60; n++) expect((await list()).status).toBe(200);
	let looks = 0;
	t.memory.ports.alerts.subscriptions = async () => {
		looks++;
		return [];
	};

	expect(await list()).toMatchObject({
		status: 429,
		body: { detail: expect.stringContaining('listed its alert subscriptions 60 times within a minute') },
	});
	expect(looks).toBe(0);
	expect((await list({ account: 'other' })).status).toBe(200);
	expect((await call('GET /v1/alert-subscriptions', { who: admin, query: { accountId: 'acme' } })).status).toBe(200);
	const body = { protocol: 'email', endpoint: 'noc@example.com' };
	expect((await call('POST /v1/alert-subscriptions', { body })).status).toBe(202);
	t.memory.outside.now = later(60);
	expect((await list()).status).toBe(200);
});

describe('the changes of an account', () => {
	let t: Tenant;
	let id: string;
	let call: ReturnType<typeof apiCaller>;
	const change = (who = acme) => call('POST /v1/vpn-connections/{id}/reset', { who }, { id });
	beforeEach(async () => {
		t = await aTenant();
		({ id } = await t.connect());
		call = apiCaller(t.memory.ports);
	});

	it('are 300 a minute, whatever they are; an admin, another account and whoever reads are not counted', async () => {
		for (let n = 0; n < 300; n++) {
			const mute = { body: { until: later(3_600 + n).toISOString() } };
			expect((await call('PUT /v1/vpn-connections/{id}/mute', mute, { id })).status).toBe(200);
		}

		const refused = await change();
		expect(refused).toMatchObject({
			status: 429,
			body: { type: 'urn:s2s-vpn:problem:too-many-requests', detail: expect.stringContaining('ask again after') },
		});
		const dryRun = await call(
			'PATCH /v1/vpn-customer-gateways/{id}',
			{ body: {}, query: { dryRun: 'true' } },
			{ id: 'cgw-00000000000000000' },
		);
		expect(dryRun.status).toBe(429);
		expect((await t.stored(id))?.desiredRevision).toBe(1);
		expect((await call('GET /v1/vpn-connections/{id}', {}, { id })).status).toBe(200);
		expect((await change(admin)).status).toBe(202);
		expect((await change({ account: 'other' })).status).toBe(404);

		t.memory.outside.now = later(60);
		expect((await change()).status).toBe(202);
	});

	describe('that keep losing to others', () => {
		/** Each second somebody else is faster. */
		const lose = (times: number) => {
			const { store } = t.memory.ports;
			let lost = 0;
			const transact: Ports['store']['transact'] = async (writes) => {
				if (lost++ === times) return store.transact(writes);
				t.memory.outside.now = later(lost);
				throw new StaleRead('somebody else was faster');
			};
			call = apiCaller(Object.create(t.memory.ports, { store: { value: { ...store, transact } } }));
			return () => lost;
		};

		it('are decided anew for five seconds, and then refused, with nothing changed or kept', async () => {
			const lost = lose(60);
			const input = { body: undefined, headers: { 'idempotency-key': 'once' } };
			expect(await call('POST /v1/vpn-connections/{id}/reset', input, { id })).toMatchObject({
				status: 429,
				body: { detail: expect.stringContaining('nothing was changed') },
			});
			expect(lost()).toBe(5);
			expect([...t.memory.seen.requests.keys()]).toEqual([]);

			call = apiCaller(t.memory.ports);
			expect((await call('POST /v1/vpn-connections/{id}/reset', input, { id })).status).toBe(202);
		});

		it('leave no key of a customer gateway that was not made', async () => {
			const { gateway: _old, ...like } = await t.customerGateway(4);
			lose(60);
			const { remoteCidrs, ike, esp } = like;
			const body = { gateway: '192.0.2.5', remoteCidrs, ike, esp, psk: 'secret number five' };
			const before = [...t.memory.seen.secrets.keys()];
			expect((await call('POST /v1/vpn-customer-gateways', { body })).status).toBe(429);
			expect([...t.memory.seen.secrets.keys()]).toEqual(before);
			expect(t.memory.seen.intents.size).toBe(0);
		});

		it('look at the route tables once', async () => {
			const { ports, ec2 } = t.memory;
			ec2.tables.set('rtb-0a1b2c3d', new Map());
			await patchVpc(ports, { caller: root, id: vpcId, patch: { routeTableIds: ['rtb-0a1b2c3d'] } });
			const { customerGatewayId } = (await t.stored(id)) ?? {};
			let looks = 0;
			const { read } = ports.routeTables;
			ports.routeTables.read = (of) => {
				looks++;
				return read(of);
			};
			const lost = lose(4);
			const body = { remoteCidrs: ['10.2.0.0/24', '10.20.0.0/24'] };
			const answer = await call('PATCH /v1/vpn-customer-gateways/{id}', { body }, { id: customerGatewayId ?? '' });
			expect([answer.status, lost(), looks]).toEqual([202, 5, 1]);
		});

		it('are made where they win in time', async () => {
			lose(4);
			expect((await change()).status).toBe(202);
		});
	});
});
