import { beforeEach, describe, expect, it } from 'vitest';
import { admin, apiCaller, type Call } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aGateway, aVpc, idOf, later, pairs } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';

const at = (second: number) => later(second).toISOString();
const vpc = {
	id: 'vpc-0a1b2c3d',
	accountId: 'acme',
	cidr: '10.9.0.0/16',
	routerInstanceId: 'i-00000000000000009',
	publicIps: [{ ip: '192.0.2.9', sourceNat: true }],
};
const customerGateway = {
	gateway: '192.0.2.3',
	remoteCidrs: ['10.3.0.0/24'],
	psk: 'not to be seen anywhere',
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};
const connectionId = idOf('vpnc', 1);
const ofConnection = { id: connectionId };
const ofCustomerGateway = { id: idOf('cgw', 1) };

/** The API of an account with one connection that is up. */
describe('the API answers', () => {
	let memory: MemoryPorts;
	beforeEach(async () => {
		memory = memoryPorts();
		await memory.ports.store.transact([
			{
				put: 'connections',
				next: aConnection({
					state: 'Connected',
					notified: 'up',
					appliedRevision: 1,
					observed: { up: pairs('10'), reason: 'subnet-mismatch', candidates: ['one-way'], observedAt: at(0) },
					counters: { rawIn: 1, rawOut: 2, bytesIn: 3, bytesOut: 4, at: at(0) },
				}),
				current: undefined,
			},
			{ put: 'customerGateways', next: aCustomerGateway({ connectionId }), current: undefined },
			{ put: 'vpnGateways', next: aGateway(), current: undefined },
			{ put: 'vpcs', next: aVpc(), current: undefined },
		]);
	});
	const call = (routeKey: string, one?: Call, params?: Record<string, string>) => apiCaller(memory.ports)(routeKey, one, params);
	const idsOf = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(({ id }) => id);
	const log: unknown[] = [];

	it('to a connection that is asked for, with what is derived from the rows around it', async () => {
		const { status, headers, body } = await call('GET /v1/vpn-connections/{id}', {}, ofConnection);

		expect(status).toBe(200);
		expect(headers).toMatchObject({ etag: '"1"', 'cache-control': 'no-store', 'content-type': 'application/json' });
		expect(headers).not.toHaveProperty('location');
		expect(body).toMatchObject({
			id: connectionId,
			state: 'Connected',
			health: 'degraded',
			monitoring: { active: true },
			observed: { up: pairs('10'), reason: 'subnet-mismatch', candidates: ['one-way'], observedAt: at(0) },
			bytesIn: 3,
			bytesOut: 4,
			countersAt: at(0),
			tunnels: [
				{ localCidr: '10.1.0.0/16', remoteCidr: '10.2.0.0/24', up: true },
				{ localCidr: '10.1.0.0/16', remoteCidr: '10.2.1.0/24', up: false },
			],
		});
		expect(body).not.toHaveProperty('warnings');
	});

	it('to one whose rows around it are gone, without what they would tell', async () => {
		memory.seen.kept.rows.vpcs.clear();
		memory.seen.kept.rows.customerGateways.clear();

		expect((await call('GET /v1/vpn-connections/{id}', {}, ofConnection)).body).toMatchObject({
			health: 'unknown',
			monitoring: { active: false },
			tunnels: [],
		});
	});

	it('to a list of connections, by state and by VPC', async () => {
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection({ id: idOf('vpnc', 2), vpcId: idOf('vpc', 2) }), current: undefined },
		]);
		const list = async (query: Record<string, string>) => idsOf(await call('GET /v1/vpn-connections', { query }));

		expect(await list({})).toEqual([connectionId, idOf('vpnc', 2)]);
		expect(await list({ state: 'Pending' })).toEqual([idOf('vpnc', 2)]);
		expect(await list({ vpcId: idOf('vpc', 1) })).toEqual([connectionId]);
		expect(await list({ state: 'Connected', vpcId: idOf('vpc', 2) })).toEqual([]);
		expect((await call('GET /v1/vpn-connections', { query: { state: 'Up' } })).status).toBe(400);
		const cursor = (await call('GET /v1/vpn-connections', { query: { limit: '1' } })).body.nextCursor;
		expect(idsOf(await call('GET /v1/vpn-connections', { query: { cursor } }))).toEqual([idOf('vpnc', 2)]);
		expect((await call('GET /v1/vpn-connections', { query: { cursor, state: 'Pending' } })).status).toBe(400);
		expect((await call('GET /v1/vpn-connections', { query: { cursor, vpcId: idOf('vpc', 1) } })).status).toBe(400);
	});

	it('to an admin for the account that is named, and to nobody else for another', async () => {
		for (const list of ['vpn-connections', 'vpn-customer-gateways', 'vpn-gateways', 'vpcs', 'alert-subscriptions']) {
			expect((await call(`GET /v1/${list}`, { who: admin, query: { accountId: 'acme' } })).status).toBe(200);
			expect((await call(`GET /v1/${list}`, { who: admin, query: {} })).status).toBe(400);
			expect((await call(`GET /v1/${list}`, { query: { accountId: 'other' } })).status).toBe(403);
		}
	});

	it('to a connection that is made, with where it is and what is doubtful', async () => {
		await call('PUT /v1/accounts/{id}', { who: admin, body: { cryptoFloor: { legacy: 'warn' } } }, { id: 'acme' });
		const made = await call('POST /v1/vpn-customer-gateways', { body: customerGateway });
		expect(made.body.warnings).toEqual([expect.stringContaining('legacy')]);

		const { status, headers, body } = await call('POST /v1/vpn-connections', {
			body: { vpnGatewayId: idOf('vgw', 1), customerGatewayId: made.body.id },
		});

		expect(status).toBe(202);
		expect(headers['etag']).toBe('"1"');
		expect(body).toMatchObject({ state: 'Pending', warnings: [expect.stringContaining('legacy')] });
		const patched = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: { esp: { hash: 'md5' } } }, { id: made.body.id });
		expect(patched).toMatchObject({ status: 202, body: { warnings: [expect.stringContaining('legacy')] } });
		const renamed = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: { name: 'x' } }, { id: made.body.id });
		expect(renamed.status).toBe(200);
		expect(renamed.body).not.toHaveProperty('warnings');
	});

	it('to a reset and a delete with the connection as it is then', async () => {
		const reset = await call('POST /v1/vpn-connections/{id}/reset', { headers: { 'if-match': '"1"' } }, ofConnection);
		expect(reset).toMatchObject({ status: 202, headers: { etag: '"2"' }, body: { state: 'Pending', desiredRevision: 2 } });
		expect((await call('POST /v1/vpn-connections/{id}/reset', { headers: { 'if-match': '"1"' } }, ofConnection)).status).toBe(
			412,
		);
		const stale = await call('DELETE /v1/vpn-connections/{id}', { query: {}, headers: { 'if-match': '"1"' } }, ofConnection);
		expect(stale.status).toBe(412);

		const deleted = await call('DELETE /v1/vpn-connections/{id}', { query: { force: 'false' } }, ofConnection);
		expect(deleted).toMatchObject({ status: 202, body: { state: 'Deleting' } });
		expect((await call('DELETE /v1/vpn-connections/{id}', { query: { force: 'true' } }, ofConnection)).status).toBe(403);
		const forced = await call('DELETE /v1/vpn-connections/{id}', { who: admin, query: { force: 'true' } }, ofConnection);
		expect(forced.status).toBe(202);
		expect((await call('GET /v1/vpn-connections/{id}', {}, ofConnection)).status).toBe(404);
	});

	it.each([
		['2026-01-03T05:00:00+01:00', '2026-01-03T04:00:00.000Z'],
		['2026-01-03T05:00:00+00:00', '2026-01-03T05:00:00.000Z'],
		['2026-01-03T05:00:00.5-23:59', '2026-01-04T04:59:00.500Z'],
		['2026-01-03T05:00:00.123456789+01:00', '2026-01-03T04:00:00.123Z'],
		['2026-01-03T05:00:00Z', '2026-01-03T05:00:00.000Z'],
	])('to a mute until %s with %s, which is the same instant', async (until, mutedUntil) => {
		const muted = await call('PUT /v1/vpn-connections/{id}/mute', { body: { until } }, ofConnection);

		expect(muted).toMatchObject({ status: 200, body: { mutedUntil } });
		expect(memory.seen.kept.events.at(-1)).toMatchObject({ kind: 'mute', to: mutedUntil });
	});

	it.each([
		['2026-01-03T05:00:00.1234567890+01:00', 'must have at most 35 characters'],
		['2026-01-03T05:00:00+24:00', 'must be a time such as 2026-11-27T09:00:00Z'],
		['2026-01-03T05:00:00', 'must be a time such as 2026-11-27T09:00:00Z'],
		['0000-01-01T00:00:00+01:00', 'must be a time such as 2026-11-27T09:00:00Z'],
		['9999-12-31T23:59:59-01:00', 'must be a time such as 2026-11-27T09:00:00Z'],
	])('to a time that is none, or is too long, or is in no year of four digits: %s', async (time, detail) => {
		const errors = (pointer: string) => ({ status: 400, body: { errors: [{ pointer, detail }] } });

		const until = await call('PUT /v1/vpn-connections/{id}/mute', { body: { until: time } }, ofConnection);
		expect(until).toMatchObject(errors('/until'));
		expect(await call('GET /v1/usage', { query: { from: time } })).toMatchObject(errors('/from'));
		expect(await call('GET /v1/usage', { query: { to: time } })).toMatchObject(errors('/to'));
	});

	it('to the + of an offset that a query lost with how to write it', async () => {
		const detail = 'must be a time such as 2026-11-27T09:00:00Z; the + of an offset is %2B in a query';

		expect(await call('GET /v1/usage', { query: { from: '2026-01-03T05:00:00 01:00' } })).toMatchObject({
			status: 400,
			body: { errors: [{ pointer: '/from', detail }] },
		});
	});

	it('to the connection without its mute once that is over', async () => {
		const shown = async () => (await call('GET /v1/vpn-connections/{id}', {}, ofConnection)).body.mutedUntil;
		await call('PUT /v1/vpn-connections/{id}/mute', { body: { until: at(60) } }, ofConnection);

		memory.outside.now = later(59);
		expect(await shown()).toBe(at(60));
		memory.outside.now = later(60);
		expect(await shown()).toBeUndefined();
		expect((await call('GET /v1/vpn-connections', { query: {} })).body.items[0]).not.toHaveProperty('mutedUntil');
	});

	it('to a mute with its end, and to the end of it with nothing', async () => {
		const mute = 'PUT /v1/vpn-connections/{id}/mute';
		const muted = await call(mute, { body: { until: at(60) } }, ofConnection);
		expect(muted).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { mutedUntil: at(60) } });
		expect((await call(mute, { body: { until: at(90) }, headers: { 'if-match': '"1"' } }, ofConnection)).status).toBe(412);
		const stale = { headers: { 'if-match': '"1"' } };
		expect((await call('DELETE /v1/vpn-connections/{id}/mute', stale, ofConnection)).status).toBe(412);

		const ended = await call('DELETE /v1/vpn-connections/{id}/mute', {}, ofConnection);
		expect(ended).toMatchObject({ status: 204, body: null });
		expect(ended.headers).not.toHaveProperty('content-type');
		expect((await call('GET /v1/vpn-connections/{id}', {}, ofConnection)).body).not.toHaveProperty('mutedUntil');
	});

	it('to what happened to a connection, newest first, and to what was applied alone', async () => {
		const base = {
			subject: { kind: 'connection' as const, id: connectionId },
			accountId: 'acme',
			vpcId: idOf('vpc', 1),
			at: at(0),
			who: 'reconcile',
			kind: 'state' as const,
			expiresAt: 2_000_000_000,
		};
		memory.seen.kept.events.push(
			{ ...base, id: '1', to: 'Pending', why: 'created' },
			{ ...base, id: '2', from: 'Pending', to: 'Connected', detail: 'x', steps: ['loaded'] },
			{ ...base, id: '3', subject: { kind: 'connection', id: idOf('vpnc', 9) } },
		);

		const events = await call('GET /v1/vpn-connections/{id}/events', { query: {} }, ofConnection);
		expect(events.body.items).toEqual([
			{ id: '2', connectionId, at: at(0), who: 'reconcile', kind: 'state', from: 'Pending', to: 'Connected', detail: 'x' },
			{ id: '1', connectionId, at: at(0), who: 'reconcile', kind: 'state', to: 'Pending', why: 'created' },
		]);
		const applies = await call('GET /v1/vpn-connections/{id}/applies', { query: {} }, ofConnection);
		expect(applies.body.items).toEqual([
			{ id: '2', connectionId, at: at(0), from: 'Pending', to: 'Connected', detail: 'x', steps: ['loaded'] },
		]);
		const page = await call('GET /v1/vpn-connections/{id}/events', { query: { limit: '1' } }, ofConnection);
		const { nextCursor: cursor } = page.body;
		expect(idsOf(await call('GET /v1/vpn-connections/{id}/events', { query: { cursor } }, ofConnection))).toEqual(['1']);
		expect((await call('GET /v1/vpn-connections/{id}/applies', { query: { cursor } }, ofConnection)).status).toBe(400);
		for (const list of ['events', 'applies']) {
			const other = { who: { account: 'other' }, query: {} };
			expect((await call(`GET /v1/vpn-connections/{id}/${list}`, other, ofConnection)).status).toBe(404);
		}
	});

	it('to an account that is set up, asked for and listed, for admins', async () => {
		const body = { name: 'Acme', cryptoFloor: { legacy: 'deny' } };
		const put = await call('PUT /v1/accounts/{id}', { who: admin, body }, { id: 'acme' });
		expect(put).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { id: 'acme', ...body, vpnEnabled: true } });
		expect((await call('GET /v1/accounts/{id}', { who: admin }, { id: 'acme' })).body).toEqual(put.body);
		expect((await call('GET /v1/accounts/{id}', { who: admin }, { id: 'other' })).body).toMatchObject({
			detail: 'there is no account other',
		});
		await call('PUT /v1/accounts/{id}', { who: admin, body: {} }, { id: 'other' });
		const first = await call('GET /v1/accounts', { who: admin, query: { limit: '1' } });
		expect(idsOf(first)).toEqual(['acme']);
		const { nextCursor: cursor } = first.body;
		expect(idsOf(await call('GET /v1/accounts', { who: admin, query: { cursor } }))).toEqual(['other']);
		for (const route of ['GET /v1/accounts', 'GET /v1/accounts/{id}', 'PUT /v1/accounts/{id}'])
			expect((await call(route, { body: {}, query: {} }, { id: 'acme' })).status).toBe(403);
	});

	it('to a VPC through its life', async () => {
		const made = await call('POST /v1/vpcs', { who: admin, body: vpc });
		expect(made).toMatchObject({ status: 201, headers: { etag: '"1"', location: `/v1/vpcs/${vpc.id}` }, body: { name: vpc.id } });
		const params = { id: vpc.id };
		expect((await call('GET /v1/vpcs/{id}', {}, params)).body).toEqual(made.body);
		expect(idsOf(await call('GET /v1/vpcs', { query: {} }))).toEqual([vpc.id, idOf('vpc', 1)].sort());
		const network = { cidr: '10.9.1.0/24', state: 'Implemented' };
		const named = { ...params, networkId: 'n' };
		const put = await call('PUT /v1/vpcs/{id}/networks/{networkId}', { who: admin, body: network }, named);
		expect(put).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { networks: [{ id: 'n', ...network }] } });
		expect((await call('DELETE /v1/vpcs/{id}/networks/{networkId}', { who: admin }, named)).status).toBe(204);
		const patched = await call('PATCH /v1/vpcs/{id}', { who: admin, body: { cidr: '10.8.0.0/15' } }, params);
		expect(patched).toMatchObject({ status: 200, headers: { etag: '"4"' } });
		const pending = await call('PATCH /v1/vpcs/{id}', { who: admin, body: { cidr: '10.0.0.0/15' } }, { id: idOf('vpc', 1) });
		expect(pending.status).toBe(202);
		const reapplied = await call('POST /v1/vpcs/{id}/reapply', { who: admin }, params);
		expect(reapplied).toMatchObject({ status: 202, body: { generation: 1 } });
		expect((await call('DELETE /v1/vpcs/{id}', { who: admin, query: {} }, params)).status).toBe(409);
		const stale = { who: admin, query: { force: 'true' }, headers: { 'if-match': '"1"' } };
		expect((await call('DELETE /v1/vpcs/{id}', stale, params)).status).toBe(412);
		expect((await call('DELETE /v1/vpcs/{id}', { who: admin, query: { force: 'true' } }, params)).status).toBe(204);
	});

	it('to a VPN gateway that is asked for, listed and deleted', async () => {
		const params = { id: idOf('vgw', 1) };
		const one = await call('GET /v1/vpn-gateways/{id}', {}, params);
		expect(one).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { id: params.id, publicIp: '192.0.2.1' } });
		expect((await call('GET /v1/vpn-gateways', { query: {} })).body.items).toEqual([one.body]);
		expect((await call('DELETE /v1/vpn-gateways/{id}', {}, params)).body.detail).toContain(connectionId);
		expect((await call('DELETE /v1/vpn-gateways/{id}', { headers: { 'if-match': '"2"' } }, params)).status).toBe(412);
		memory.seen.kept.rows.vpcs.set(idOf('vpc', 1), aVpc({ slots: {}, rev: 1 }));
		expect((await call('DELETE /v1/vpn-gateways/{id}', {}, params)).status).toBe(204);
	});

	it('to a customer gateway that is asked for, listed, planned and deleted', async () => {
		const one = await call('GET /v1/vpn-customer-gateways/{id}', {}, ofCustomerGateway);
		expect(one).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { id: ofCustomerGateway.id, connectionId } });
		expect((await call('GET /v1/vpn-customer-gateways', { query: {} })).body.items).toEqual([one.body]);
		const dry = { body: { name: 'x' }, query: { dryRun: 'true' } };
		const plan = await call('PATCH /v1/vpn-customer-gateways/{id}', dry, ofCustomerGateway);
		expect(plan).toMatchObject({ status: 200, body: { dryRun: true, changes: [{ pointer: '/name' }] } });
		const wet = { body: { name: 'x' }, query: { dryRun: 'false' } };
		expect((await call('PATCH /v1/vpn-customer-gateways/{id}', wet, ofCustomerGateway)).body.name).toBe('x');
		expect((await call('DELETE /v1/vpn-customer-gateways/{id}', {}, ofCustomerGateway)).status).toBe(409);
		const { body } = await call('POST /v1/vpn-customer-gateways', { body: customerGateway });
		expect(
			(await call('DELETE /v1/vpn-customer-gateways/{id}', { headers: { 'if-match': '"7"' } }, { id: body.id })).status,
		).toBe(412);
		expect((await call('DELETE /v1/vpn-customer-gateways/{id}', {}, { id: body.id })).status).toBe(204);
	});

	it('to whoever deletes or connects what a connection uses that is being deleted, with when to try again', async () => {
		const taken = { vpnGatewayId: idOf('vgw', 1), customerGatewayId: ofCustomerGateway.id };
		const refusals = async () => [
			(await call('DELETE /v1/vpn-customer-gateways/{id}', {}, ofCustomerGateway)).body.detail,
			(await call('DELETE /v1/vpn-gateways/{id}', {}, { id: idOf('vgw', 1) })).body.detail,
			(await call('POST /v1/vpn-connections', { body: taken })).body.detail,
		];
		expect(await refusals()).toEqual([
			`the connection ${connectionId} uses ${ofCustomerGateway.id}: delete that first`,
			`connections use the gateway, which have to be deleted first: ${connectionId}`,
			`${ofCustomerGateway.id} is already used by the connection ${connectionId}`,
		]);

		await call('DELETE /v1/vpn-connections/{id}', { query: {} }, ofConnection);

		expect(await refusals()).toEqual([
			`the connection ${connectionId} uses ${ofCustomerGateway.id} and is being deleted: try again once it is gone`,
			`connections that are being deleted still use the gateway: ${connectionId}; try again once they are gone`,
			`${ofCustomerGateway.id} is used by the connection ${connectionId}, which is being deleted: try again once it is gone`,
		]);
	});

	it('to whoever deletes a VPN gateway with the connections that are not being deleted yet', async () => {
		const other = idOf('vpnc', 2);
		const slots = Object.fromEntries([connectionId, other].map((id) => [id, Object.values(aVpc().slots)[0]])) as never;
		memory.seen.kept.rows.vpcs.set(idOf('vpc', 1), aVpc({ slots, rev: 1 }));
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection({ id: other, state: 'Deleting' }), current: undefined },
		]);

		expect((await call('DELETE /v1/vpn-gateways/{id}', {}, { id: idOf('vgw', 1) })).body.detail).toBe(
			`connections use the gateway, which have to be deleted first: ${connectionId}`,
		);
	});

	it('to the usage of a connection and of an account by the sum of their hours', async () => {
		const row = { accountId: 'acme', connectionId, hour: '2026-01-01T03:00:00.000Z', bytesIn: 1, bytesOut: 20, expiresAt: 1 };
		await memory.ports.store.transact([
			{ add: row },
			{ add: { ...row, hour: '2026-01-01T04:00:00.000Z', bytesIn: 4 } },
			{ add: { ...row, connectionId: idOf('vpnc', 2), bytesIn: 100 } },
			{ add: { ...row, accountId: 'other', connectionId: idOf('vpnc', 3), bytesIn: 1_000 } },
		]);
		const query = { from: '2026-01-01T01:00:00+01:00', to: '2026-01-02T00:00:00Z' };
		const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };

		expect((await call('GET /v1/vpn-connections/{id}/usage', { query }, ofConnection)).body).toEqual({
			...window,
			bytesIn: 5,
			bytesOut: 40,
			items: [
				{ hour: '2026-01-01T03:00:00.000Z', bytesIn: 1, bytesOut: 20 },
				{ hour: '2026-01-01T04:00:00.000Z', bytesIn: 4, bytesOut: 20 },
			],
		});
		const own = { accountId: 'acme', connectionId, bytesIn: 5, bytesOut: 40 };
		const second = { accountId: 'acme', connectionId: idOf('vpnc', 2), bytesIn: 100, bytesOut: 20 };
		expect((await call('GET /v1/usage', { query })).body).toEqual({
			...window,
			bytesIn: 105,
			bytesOut: 60,
			items: [own, second],
		});
		expect((await call('GET /v1/usage', { who: admin, query })).body).toMatchObject({ bytesIn: 1_105, items: { length: 3 } });
		const named = { who: admin, query: { ...query, accountId: 'other' } };
		expect((await call('GET /v1/usage', named)).body).toMatchObject({ bytesIn: 1_000, items: [{ accountId: 'other' }] });
		const other = { who: { account: 'other' }, query };
		expect((await call('GET /v1/vpn-connections/{id}/usage', other, ofConnection)).status).toBe(404);
	});

	it('to a failure of ours with the id of the request, which the log has too', async () => {
		memory.ports.store.get = async () => Promise.reject(new Error('on fire'));
		memory.ports.log.error = (...given) => void log.push(given);

		const { status, body } = await call('GET /v1/vpcs/{id}', {}, { id: vpc.id });

		expect(status).toBe(500);
		expect(body.detail).toContain('Request r ');
		expect(log).toEqual([[expect.any(String), { requestId: 'r', error: new Error('on fire') }]]);
		await expect(call('GET /v1/nothing')).resolves.toMatchObject({ status: 500 });
		expect(log).toHaveLength(2);
		expect((await call('GET /v1/vpn-gateways/{id}', { who: { account: 'x' } }, { id: 'y' })).status).toBe(400);
		expect(log).toHaveLength(2);
	});
});
