import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { Device } from '../../functions/domain/peers/contract/peer-device.ts';
import { openApi } from '../../functions/http/openapi.ts';
import { routes } from '../../functions/http/routes.ts';
import { admin, apiCaller, type Call } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aGateway, aVpc } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';

const vpc = {
	id: 'vpc-0a1b2c3d',
	accountId: 'acme',
	cidr: '10.1.0.0/16',
	routerInstanceId: 'i-0123456789abcdef0',
	publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
};
const customerGateway = {
	gateway: '192.0.2.2',
	remoteCidrs: ['10.2.0.0/24'],
	psk: 'not to be seen anywhere',
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};

describe('the API', () => {
	let memory: MemoryPorts;
	beforeEach(() => {
		memory = memoryPorts();
	});

	const call = (routeKey: string, one?: Call, params?: Record<string, string>) => apiCaller(memory.ports)(routeKey, one, params);
	const rows = () => Object.values(memory.seen.kept.rows).reduce((sum, table) => sum + table.size, 0);

	const badCustomerGateways: [string, object][] = [
		['/gateway', { gateway: '192.0.2' }],
		['/remoteId', { gateway: 'any' }],
		['/remoteId', { remoteId: 'two words' }],
		['/remoteCidrs', { remoteCidrs: [] }],
		['/remoteCidrs/0', { remoteCidrs: ['10.2.0.0/33'] }],
		['/remoteCidrs', { remoteCidrs: Array.from({ length: 11 }, (_, n) => `10.${n + 2}.0.0/24`) }],
		['/psk', { psk: 'short' }],
		['/psk', { psk: undefined }],
		['/psk', { psk: 'a line\nbreak in it' }],
		['/name', { name: '' }],
		['/ike/encryption', { ike: { ...customerGateway.ike, encryption: 'rot13' } }],
		['/ike/hash', { ike: { ...customerGateway.ike, hash: 'crc32' } }],
		['/ike/dhGroup', { ike: { ...customerGateway.ike, dhGroup: 1 } }],
		['/ike/version', { ike: { ...customerGateway.ike, version: 'ikev3' } }],
		['/ike/lifetimeSeconds', { ike: { ...customerGateway.ike, lifetimeSeconds: 179 } }],
		['/esp/encryption', { esp: { ...customerGateway.esp, encryption: 'none' } }],
		['/esp/hash', { esp: { encryption: 'aes128' } }],
		['/esp/pfsGroup', { esp: { ...customerGateway.esp, pfsGroup: 3 } }],
		['/esp/lifetimeSeconds', { esp: { ...customerGateway.esp, lifetimeSeconds: 86_401 } }],
		['/dpd/timeoutSeconds', { dpd: { enabled: true, delaySeconds: 30, timeoutSeconds: 30 } }],
		['/forceEncaps', { forceEncaps: 'yes' }],
		['/unknown', { unknown: 1 }],
		['/accountId', { accountId: '../x' }],
	];
	it.each(badCustomerGateways)('refuses a customer gateway, pointing at %s, with %j', async (pointer, change) => {
		const { status, body, headers } = await call('POST /v1/vpn-customer-gateways', { body: { ...customerGateway, ...change } });

		expect(status).toBe(400);
		expect(headers['content-type']).toBe('application/problem+json');
		expect(body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
		expect(JSON.stringify(body)).not.toContain(customerGateway.psk);
		expect([rows(), memory.seen.secrets.size]).toEqual([0, 0]);
	});

	const badVpcs: [string, object][] = [
		['/id', { id: 'vpc-1' }],
		['/accountId', { accountId: '' }],
		['/cidr', { cidr: '10.1.0.0/33' }],
		['/routerInstanceId', { routerInstanceId: 'router' }],
		['/publicIps', { publicIps: [] }],
		['/publicIps', { publicIps: [{ ip: '192.0.2.1', sourceNat: false }] }],
		['/publicIps/0/ip', { publicIps: [{ ip: '::1', sourceNat: true }] }],
		['/routeTableIds/0', { routeTableIds: ['main'] }],
		['/remoteAccessVpn', { remoteAccessVpn: 1 }],
	];
	it.each(badVpcs)('refuses a VPC, pointing at %s, with %j', async (pointer, change) => {
		const { status, body } = await call('POST /v1/vpcs', { who: admin, body: { ...vpc, ...change } });

		expect(status).toBe(400);
		expect(body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
		expect(rows()).toBe(0);
	});

	it.each([
		['POST /v1/vpn-gateways', { vpcId: 'x' }, '/vpcId'],
		['POST /v1/vpn-gateways', { vpcId: vpc.id, publicIp: 'x' }, '/publicIp'],
		['POST /v1/vpn-connections', { vpnGatewayId: 'x', customerGatewayId: 'cgw-00000000000000001' }, '/vpnGatewayId'],
		['POST /v1/vpn-connections', { vpnGatewayId: 'vgw-00000000000000001', customerGatewayId: 'x' }, '/customerGatewayId'],
		['POST /v1/vpn-connections', '{', ''],
	])('refuses %s with %j, pointing at %s', async (routeKey, body, pointer) => {
		const reply = await call(routeKey, { body });

		expect(reply.status).toBe(400);
		expect(reply.body.errors[0].pointer).toBe(pointer);
	});

	it('admits only admins where the route table says so, and does not take a group name with a space for admin', async () => {
		expect((await call('POST /v1/vpcs', { body: vpc })).status).toBe(403);
		expect((await call('POST /v1/vpcs', { who: { account: 'acme', groups: ['not admin'] }, body: vpc })).status).toBe(403);
		expect((await call('POST /v1/vpcs', { who: admin, body: vpc })).status).toBe(201);
	});

	it('answers the same for what belongs to another account and for what does not exist', async () => {
		await call('POST /v1/vpcs', { who: admin, body: vpc });
		const foreign = await call('GET /v1/vpcs/{id}', { who: { account: 'other' } }, { id: vpc.id });
		const absent = await call('GET /v1/vpcs/{id}', { who: { account: 'other' } }, { id: 'vpc-0a1b2c3e' });

		expect([foreign.status, absent.status]).toEqual([404, 404]);
		expect({ ...foreign.body, detail: '' }).toEqual({ ...absent.body, detail: '' });
	});

	it('shows the version of a pre-shared key, never the key', async () => {
		const made = await call('POST /v1/vpn-customer-gateways', { body: customerGateway });
		const listed = await call('GET /v1/vpn-customer-gateways');

		expect(made).toMatchObject({
			status: 201,
			headers: { etag: '"1"', location: `/v1/vpn-customer-gateways/${made.body.id}` },
			body: { pskVersion: 1 },
		});
		expect(JSON.stringify([made, listed])).not.toContain(customerGateway.psk);
		expect(JSON.stringify([...memory.seen.kept.rows.customerGateways.values()])).not.toContain(customerGateway.psk);
	});

	const badPatches: [string, object][] = [
		['/gateway', { gateway: null }],
		['/remoteId', { remoteId: null }],
		['/remoteId', { gateway: 'any' }],
		['/remoteCidrs/1', { remoteCidrs: ['10.2.0.0/24', '10.2.0.0/25'] }],
		['/ike/dhGroup', { ike: { dhGroup: null } }],
		['/ike/cipher', { ike: { cipher: 'aes128' } }],
		['/dpd/timeoutSeconds', { dpd: { delaySeconds: 200 } }],
		['/psk', { psk: 'short' }],
		['/id', { id: 'cgw-00000000000000001' }],
		['/pskVersion', { pskVersion: 7 }],
	];
	it.each(badPatches)('refuses a change of a customer gateway, pointing at %s, with %j', async (pointer, body) => {
		const { id } = (await call('POST /v1/vpn-customer-gateways', { body: customerGateway })).body;
		const before = JSON.stringify([...memory.seen.kept.rows.customerGateways]);

		const answer = await call('PATCH /v1/vpn-customer-gateways/{id}', { body }, { id });

		expect(answer.status).toBe(400);
		expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
		expect(JSON.stringify([...memory.seen.kept.rows.customerGateways])).toBe(before);
	});

	it('changes a customer gateway, with null where null is a value, or only plans the change on request', async () => {
		const { id } = (await call('POST /v1/vpn-customer-gateways', { body: customerGateway })).body;
		const patch = { esp: { pfsGroup: 5 }, psk: 'the next secret' };

		const plan = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: patch, query: { dryRun: 'true' } }, { id });
		expect(plan).toMatchObject({ status: 200, body: { dryRun: true, files: [], tunnels: [] } });
		const changed = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: patch, headers: { 'if-match': '"1"' } }, { id });
		expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { esp: { pfsGroup: 5 }, pskVersion: 2 } });
		const back = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: { esp: { pfsGroup: null } } }, { id });
		expect(back.body.esp).toEqual({ encryption: 'aes128', hash: 'sha1', pfsGroup: null, lifetimeSeconds: 3600 });
		const stale = await call('PATCH /v1/vpn-customer-gateways/{id}', { body: patch, headers: { 'if-match': '"1"' } }, { id });
		expect(stale.status).toBe(412);
		expect(JSON.stringify([plan, changed, back])).not.toContain('next secret');
	});

	it('repeats the first answer for the same Idempotency-Key whatever the psk, and refuses a different body', async () => {
		const headers = { 'idempotency-key': 'k1' };
		const one = await call('POST /v1/vpn-customer-gateways', { body: customerGateway, headers });
		const two = await call('POST /v1/vpn-customer-gateways', { body: { ...customerGateway, psk: 'another secret' }, headers });
		const other = await call('POST /v1/vpn-customer-gateways', { body: { ...customerGateway, name: 'x' }, headers });

		expect(two).toEqual(one);
		expect(other.status).toBe(422);
		expect(memory.seen.kept.rows.customerGateways.size).toBe(1);
	});

	it('pages with a cursor that is valid only for the same caller and query', async () => {
		for (const n of [1, 2, 3]) await call('POST /v1/vpn-customer-gateways', { body: { ...customerGateway, name: `n${n}` } });
		const one = await call('GET /v1/vpn-customer-gateways', { query: { limit: '2' } });
		const cursor: string = one.body.nextCursor;
		const two = await call('GET /v1/vpn-customer-gateways', { query: { limit: '2', cursor } });

		expect([one.body.items.length, two.body.items.length, two.body.nextCursor]).toEqual([2, 1, undefined]);
		expect((await call('GET /v1/vpn-customer-gateways', { who: { account: 'other' }, query: { cursor } })).status).toBe(400);
		expect((await call('GET /v1/vpcs', { query: { cursor } })).status).toBe(400);
		expect((await call('GET /v1/vpcs', { query: { limit: '0' } })).status).toBe(400);
	});

	it('refuses a change if the If-Match version is outdated', async () => {
		await call('POST /v1/vpcs', { who: admin, body: vpc });
		const patch = (etag: string) =>
			call('PATCH /v1/vpcs/{id}', { who: admin, body: { name: 'New' }, headers: { 'if-match': etag } }, { id: vpc.id });

		expect(await patch('"1"')).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { name: 'New' } });
		expect((await patch('"1"')).status).toBe(412);
	});

	it('heeds If-Match wherever its document offers it: a network, an account, a mute', async () => {
		await call('POST /v1/vpcs', { who: admin, body: vpc });
		await call('PUT /v1/accounts/{id}', { who: admin, body: { name: 'Acme' } }, { id: 'acme' });
		const network = { id: vpc.id, networkId: 'n' };
		const body = { cidr: vpc.cidr, state: 'Implemented' };
		await call('PUT /v1/vpcs/{id}/networks/{networkId}', { who: admin, body }, network);
		const stale = { who: admin, headers: { 'if-match': '"9"' } };

		for (const [route, given, params] of [
			['PUT /v1/vpcs/{id}/networks/{networkId}', { ...stale, body }, network],
			['DELETE /v1/vpcs/{id}/networks/{networkId}', stale, network],
			['PUT /v1/accounts/{id}', { ...stale, body: { name: 'Other' } }, { id: 'acme' }],
			['PUT /v1/accounts/{id}', { ...stale, body: { name: 'Other' } }, { id: 'unknown' }],
		] as const)
			expect((await call(route, given, params)).status).toBe(412);
		const { paths } = openApi() as { paths: Record<string, Record<string, { parameters: { name: string }[] }>> };
		const offering = Object.entries(paths).flatMap(([path, methods]) =>
			Object.entries(methods).flatMap(([method, { parameters }]) =>
				parameters.some(({ name }) => name === 'If-Match') ? [`${method} ${path}`] : [],
			),
		);
		expect(offering).not.toContain('delete /v1/alert-subscriptions/{id}');
		expect(offering).toContain('put /v1/vpn-connections/{id}/mute');
	});

	it('refuses a second gateway for a VPC, and names the first', async () => {
		await call('POST /v1/vpcs', { who: admin, body: vpc });
		const made = await call('POST /v1/vpn-gateways', { body: { vpcId: vpc.id } });
		const again = await call('POST /v1/vpn-gateways', { body: { vpcId: vpc.id } });

		expect(made).toMatchObject({ status: 201, body: { publicIp: '192.0.2.1' } });
		expect(again).toMatchObject({ status: 409, body: { type: 'urn:s2s-vpn:problem:gateway-exists' } });
		expect(again.body.detail).toContain(made.body.id);
	});

	it('gives only a request id for an internal error', async () => {
		memory.ports.store.list = async () => {
			throw new Error('the table s2s_vpcs is on fire');
		};

		const { status, body } = await call('GET /v1/vpcs');

		expect(status).toBe(500);
		expect(JSON.stringify(body)).not.toContain('fire');
	});

	it('shows an account its own usage, and an admin that of all accounts', async () => {
		const row = {
			accountId: 'acme',
			connectionId: 'vpnc-00000000000000001',
			hour: '2026-01-01T03:00:00.000Z',
			bytesIn: 1,
			bytesOut: 2,
		};
		await memory.ports.store.transact([
			{ add: { ...row, expiresAt: 1 } },
			{ add: { ...row, hour: '2026-01-01T04:00:00.000Z', expiresAt: 1 } },
			{ add: { ...row, accountId: 'other', connectionId: 'vpnc-00000000000000002', expiresAt: 1 } },
		]);

		const own = await call('GET /v1/usage', { query: {} });
		expect(own.body).toMatchObject({ bytesIn: 2, bytesOut: 4, items: [{ connectionId: row.connectionId, bytesIn: 2 }] });
		expect((await call('GET /v1/usage', { who: admin, query: {} })).body.items).toHaveLength(2);
		expect((await call('GET /v1/usage', { query: { accountId: 'other' } })).status).toBe(403);
		const bad = await call('GET /v1/usage', { query: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } });
		expect(bad.body.errors).toMatchObject([{ pointer: '/from' }]);
	});

	it('shows the logs of a connection with their times, and answers 504 if the router does not answer', async () => {
		const id = 'vpnc-00000000000000001';
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection(), current: undefined },
			{ put: 'vpcs', next: aVpc(), current: undefined },
		]);
		expect((await call('GET /v1/vpn-connections/{id}/logs', { query: {} }, { id })).status).toBe(504);
		const own = `"${id}-1" #1`;
		memory.outside.logs = () => ({
			text: `Dec 31 23:59:59.5: packet from 192.0.2.2:500: no connection\nJan  2 03:04:01 router pluto[7]: ${own}: initiating\ns2s-logs-end\n`,
		});

		const { body } = await call('GET /v1/vpn-connections/{id}/logs', { query: {} }, { id });
		expect(body.items.map(({ at }: { at: string }) => at)).toEqual(['2025-12-31T23:59:59.500Z', '2026-01-02T03:04:01.000Z']);
		const later = await call('GET /v1/vpn-connections/{id}/logs', { query: { since: '2026-01-01T00:00:00Z' } }, { id });
		expect(later.body.items).toHaveLength(1);

		memory.outside.logs = () => ({ text: 'cut off before its e' });
		expect((await call('GET /v1/vpn-connections/{id}/logs', { query: {} }, { id })).status).toBe(504);
		expect((await call('GET /v1/vpn-connections/{id}/logs', { who: { account: 'other' }, query: {} }, { id })).status).toBe(404);
	});

	it('explains why a connection is not up, even if the router does not answer', async () => {
		const id = 'vpnc-00000000000000001';
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection({ state: 'Disconnected' }), current: undefined },
			{ put: 'vpcs', next: aVpc(), current: undefined },
		]);
		memory.outside.logs = () => ({ text: 's2s-probe initiated=1 ping=1 ike=0 esp=0 out=0 in=0 seen=0\ns2s-logs-end\n' });
		memory.outside.check = () => ({ silence: { code: 'unreachable', detail: 'no answer' } });
		const diagnosis = await call('GET /v1/vpn-connections/{id}/diagnosis', { query: { probe: 'true' } }, { id });
		expect(diagnosis).toMatchObject({
			status: 200,
			body: { connectionId: id, causes: [{ code: 'router-unreachable', confidence: 'high' }], probe: { ping: true }, lines: [] },
		});
		expect((await call('GET /v1/vpn-connections/{id}/diagnosis', { query: { probe: 'yes' } }, { id })).status).toBe(400);
		expect((await call('GET /v1/vpn-connections/{id}/diagnosis', { who: { account: 'other' }, query: {} }, { id })).status).toBe(
			404,
		);
	});

	it('renders the peer configuration with the caller’s key, and stores nothing', async () => {
		const id = 'vpnc-00000000000000001';
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection(), current: undefined },
			{ put: 'customerGateways', next: aCustomerGateway(), current: undefined },
			{ put: 'vpnGateways', next: aGateway(), current: undefined },
			{ put: 'vpcs', next: aVpc(), current: undefined },
		]);
		const open = await call('GET /v1/vpn-connections/{id}/peer-config', { query: { device: 'ios-12.4' } }, { id });
		expect(open).toMatchObject({ status: 200, body: { device: 'ios-12.4', verify: expect.stringContaining('show crypto') } });

		const body = { device: 'junos-11.2', psk: 'only for this rendering', outsideInterface: 'ge-0/0/7.0' };
		const keyed = await call('POST /v1/vpn-connections/{id}/peer-config', { body, headers: { 'idempotency-key': 'k' } }, { id });
		expect(keyed.body.config).toContain('"only for this rendering"');
		expect(keyed.body.config).toContain('external-interface ge-0/0/7.0');
		expect(keyed.headers['cache-control']).toBe('no-store');
		expect(JSON.stringify([...memory.seen.requests, memory.seen.kept])).not.toContain('only for this');

		const bad = await call('POST /v1/vpn-connections/{id}/peer-config', { body: { ...body, prefix: 'a b' } }, { id });
		expect(bad.body.errors[0].pointer).toBe('/prefix');
		const foreign = { ...body, mapName: 'VPN', insideInterface: 'ge-0/0/1.0' };
		expect(await call('POST /v1/vpn-connections/{id}/peer-config', { body: foreign }, { id })).toMatchObject({
			status: 400,
			body: {
				errors: ['mapName', 'insideInterface'].map((name) => ({
					pointer: `/${name}`,
					detail:
						'is no name of a JunOS device; it has outsideInterface, insideZone, outsideZone, outboundPolicy, inboundPolicy, natRuleSet, natRule, prefix',
				})),
			},
		});
		const toaster = await call('POST /v1/vpn-connections/{id}/peer-config', { body: { device: 'toaster' } }, { id });
		expect(toaster.body.errors).toEqual([{ pointer: '/device', detail: `must be one of ${Device.options.join(', ')}` }]);
		expect((await call('GET /v1/vpn-connections/{id}/peer-config', { query: { device: 'toaster' } }, { id })).status).toBe(400);

		const check = (device: string, text: string, who = {}, psk?: string) =>
			call(
				'POST /v1/vpn-connections/{id}/peer-check',
				{ body: { device, text, psk }, headers: { 'idempotency-key': 'c' }, ...who },
				{ id },
			);
		expect((await check('ios-12.4', open.body.config)).body).toEqual({
			device: 'ios-12.4',
			fits: true,
			findings: [],
			notCompared: [
				{ what: 'pre-shared-key', line: 8, message: 'no psk was sent, so the key of the text was held against nothing' },
			],
		});
		const keyedText = open.body.config.replace('PRE-SHARED-KEY', 'only.for.this.check');
		expect((await check('ios-12.4', keyedText, {}, 'only.for.this.check')).body).toEqual({
			device: 'ios-12.4',
			fits: true,
			findings: [],
			notCompared: [],
		});
		const other = await check('ios-12.4', keyedText, {}, 'another.than.that');
		expect(other.body).toMatchObject({ fits: false, findings: [{ what: 'key-differs', line: 8 }], notCompared: [] });
		expect(JSON.stringify([other, memory.seen.requests, memory.seen.kept])).not.toMatch(/only\.for\.this|another\.than/);
		const empty = await check('ios-12.4', open.body.config, {}, 'only.for.this.check');
		expect(empty.body.findings).toEqual([
			{
				what: 'key-missing',
				line: 8,
				message: 'the placeholder PRE-SHARED-KEY was never filled in',
				expected: 'the psk that was sent, in the place of PRE-SHARED-KEY',
				commands: [],
			},
		]);
		expect((await check('cisco', 'x')).body.errors).toEqual([
			{ pointer: '/device', detail: 'must be one of junos-9.5, junos-11.2, ios-12.4' },
		]);
		expect((await check('ios-12.4', keyedText, {}, 'short')).body.errors[0].pointer).toBe('/psk');
		const faulty = await check('ios-12.4', open.body.config.replace('set pfs group5', 'set pfs group2'));
		expect(faulty.body).toMatchObject({
			fits: false,
			findings: [{ what: 'pfs', line: 25, commands: ['crypto map S2S 10 ipsec-isakmp', ' set pfs group5'] }],
		});
		expect(JSON.stringify([...memory.seen.requests, memory.seen.kept])).not.toContain('set pfs');
		expect(await check('strongswan-swanctl', 'connections {}')).toMatchObject({
			status: 422,
			body: { errors: [{ pointer: '/device' }] },
		});
		const spaced = { device: 'ios-12.4', psk: 'with a space' };
		expect(await call('POST /v1/vpn-connections/{id}/peer-config', { body: spaced }, { id })).toMatchObject({
			status: 422,
			body: { type: 'urn:s2s-vpn:problem:unsupported-by-device', errors: [{ pointer: '/psk' }] },
		});
		expect((await check('ios-12.4', '')).body.errors[0].pointer).toBe('/text');
		expect((await check('ios-12.4', 'x', { who: { account: 'other' } })).status).toBe(404);
	});

	it('subscribes an address only once, shows whether it is confirmed, and unsubscribes it', async () => {
		const body = { protocol: 'email', endpoint: 'noc@example.com' };
		const made = await call('POST /v1/alert-subscriptions', { body });
		const again = await call('POST /v1/alert-subscriptions', { body });
		await call('POST /v1/alert-subscriptions', { body: { protocol: 'sms', endpoint: '+4915112345678' } });
		expect(made).toMatchObject({ status: 202, body: { ...body, accountId: 'acme', status: 'pending' } });
		expect(again.body.id).toBe(made.body.id);

		for (const one of memory.seen.topic) one.confirmed = true;
		const listed = await call('GET /v1/alert-subscriptions', { query: {} });
		expect(listed.body.items.map((one: { status: string }) => one.status).sort()).toEqual(['confirmed', 'pending']);

		const other = await call(
			'DELETE /v1/alert-subscriptions/{id}',
			{ who: { account: 'other' }, query: {} },
			{ id: made.body.id },
		);
		expect(other.status).toBe(404);
		const gone = await call('DELETE /v1/alert-subscriptions/{id}', { query: {} }, { id: made.body.id });
		expect(gone.status).toBe(204);
		const left = await call('GET /v1/alert-subscriptions', { query: {} });
		expect(left.body.items).toMatchObject([{ protocol: 'sms' }]);
	});

	it.each([
		['/endpoint', { protocol: 'email', endpoint: 'nobody' }],
		['/endpoint', { protocol: 'sms', endpoint: '0151 12345' }],
		['/protocol', { protocol: 'fax', endpoint: '+4915112345678' }],
	])('refuses a subscription, pointing at %s, with %j', async (pointer, body) => {
		const answer = await call('POST /v1/alert-subscriptions', { body });

		expect(answer.status).toBe(400);
		expect(answer.body.errors[0].pointer).toBe(pointer);
		expect(memory.seen.topic).toEqual([]);
	});

	it('refuses more subscriptions than an account may have', async () => {
		for (let n = 0; n < 20; n++) {
			await call('POST /v1/alert-subscriptions', { body: { protocol: 'email', endpoint: `a${n}@example.com` } });
		}
		const answer = await call('POST /v1/alert-subscriptions', { body: { protocol: 'email', endpoint: 'one@too.many' } });

		expect(answer.status).toBe(409);
		expect(memory.seen.topic).toHaveLength(20);
	});

	it('describes every route in OpenAPI, with valid JSON Schemas', () => {
		const document = openApi() as {
			paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
		};

		for (const { method, path } of routes) expect(document.paths[path]?.[method.toLowerCase()]).toBeDefined();
		const ajv = new Ajv2020({ strict: false, validateFormats: false });
		for (const operation of Object.values(document.paths).flatMap((one) => Object.values(one))) {
			const schema = operation.requestBody?.content['application/json']?.schema;
			if (schema !== undefined) expect(ajv.validateSchema(schema)).toBe(true);
		}
	});
});
