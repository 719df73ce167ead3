import { beforeEach, describe, expect, it } from 'vitest';
import { acme, admin, apiCaller, type Call, type Who } from '../support/api-caller.ts';
import { later, start } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';

const customerGateway = {
	name: 'office',
	gateway: '192.0.2.2',
	remoteCidrs: ['10.2.0.0/24'],
	psk: 'not to be seen anywhere',
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};
const create = 'POST /v1/vpn-customer-gateways';

describe('a request under an Idempotency-Key', () => {
	let memory: MemoryPorts;
	beforeEach(() => {
		memory = memoryPorts();
	});
	const call = (routeKey: string, one: Call, params?: Record<string, string>) => apiCaller(memory.ports)(routeKey, one, params);
	const post = (body: unknown, key = 'k', one: Call = {}) => call(create, { ...one, body, headers: { 'idempotency-key': key } });
	const made = () => memory.seen.kept.rows.customerGateways.size;
	const problem = (kind: string) => ({ type: `urn:s2s-vpn:problem:${kind}` });

	it('is made once, and answered as the first time: with its status, its headers and its body', async () => {
		const first = await post(customerGateway);
		expect(first).toMatchObject({ status: 201, headers: { location: expect.stringContaining('/cgw-') } });

		expect(await post(customerGateway)).toEqual(first);
		expect(made()).toBe(1);
	});

	it('is the same whatever the order of its fields, however deep', async () => {
		const first = await post(customerGateway);
		const { ike, ...others } = customerGateway;
		const turned = Object.fromEntries(Object.entries({ ...others, ike: { ...ike } }).reverse());
		const deeper = { ...turned, ike: Object.fromEntries(Object.entries(ike).reverse()) };

		expect(await post(deeper)).toEqual(first);
	});

	const two = { ...customerGateway, remoteCidrs: ['10.2.0.0/24', '10.3.0.0/24'] };
	it.each([
		['another field', { ...two, name: 'harbour' }],
		['another field, however deep', { ...two, esp: { ...two.esp, hash: 'sha256' } }],
		['its blocks in another order', { ...two, remoteCidrs: two.remoteCidrs.toReversed() }],
	])('is another with %s, and refused', async (_what, other) => {
		await post(two);

		const { status, body } = await post(other);

		expect(status).toBe(422);
		expect(body).toMatchObject({
			...problem('idempotency-mismatch'),
			detail: expect.stringContaining('use a new one'),
		});
		expect(made()).toBe(1);
	});

	it('is another on another path, and refused', async () => {
		const reset = 'POST /v1/vpn-connections/{id}/reset';
		const headers = { 'idempotency-key': 'k' };
		// There is neither of the two: the first is kept all the same.
		memory.ports.requests.forget = async () => {};
		await call(reset, { headers }, { id: 'vpnc-00000000000000001' });

		const { body } = await call(reset, { headers }, { id: 'vpnc-00000000000000002' });

		expect(body).toMatchObject(problem('idempotency-mismatch'));
	});

	it('is kept of what makes or starts something, and of nothing else', async () => {
		const put = async (name: string) =>
			(await call('PUT /v1/accounts/{id}', { who: admin, body: { name }, headers: { 'idempotency-key': 'k' } }, { id: 'acme' }))
				.body.name;

		expect([await put('one'), await put('two')]).toEqual(['one', 'two']);
		expect(memory.seen.requests.size).toBe(0);
	});

	it('may be made again where it was refused: nothing is kept of that', async () => {
		await post(customerGateway, 'k0');
		expect((await post({ ...customerGateway, gateway: '192.0.2.3' })).body).toMatchObject(problem('name-taken'));
		memory.seen.kept.markers.clear();

		expect((await post({ ...customerGateway, gateway: '192.0.2.3' })).status).toBe(201);
	});

	it('may be made again where it failed, with whatever body', async () => {
		const { transact } = memory.ports.store;
		memory.ports.store.transact = async () => Promise.reject(new Error('throttled'));
		expect((await post(customerGateway)).status).toBe(500);
		memory.ports.store.transact = transact;

		expect((await post({ ...customerGateway, name: 'harbour' })).status).toBe(201);
	});

	it('is not made again where only its answer could not be kept', async () => {
		const { finish } = memory.ports.requests;
		memory.ports.requests.finish = async () => Promise.reject(new Error('throttled'));
		const unnamed = { ...customerGateway, name: undefined };
		expect((await post(unnamed)).status).toBe(500);
		memory.ports.requests.finish = finish;

		const repeated = await post(unnamed);
		expect(repeated).toMatchObject({ status: 201, headers: { location: `/v1/vpn-customer-gateways/${repeated.body.id}` } });
		memory.outside.now = later(3_600);
		expect(await post(unnamed)).toEqual(repeated);
		expect(made()).toBe(1);
	});

	it('is not made again where it took effect and then failed', async () => {
		memory.ports.secretIntents.remove = async () => Promise.reject(new Error('throttled'));
		const unnamed = { ...customerGateway, name: undefined };
		expect((await post(unnamed)).status).toBe(500);
		memory.outside.now = later(61);

		expect((await post(unnamed)).status).toBe(201);
		expect(made()).toBe(1);
	});

	it('is made by one of two runs, where the first was slow rather than dead', async () => {
		const { transact } = memory.ports.store;
		let second: Promise<{ status?: number; body: { id?: string } }> | undefined;
		memory.ports.store.transact = async (writes) => {
			if (second === undefined) {
				memory.outside.now = later(61);
				second = post({ ...customerGateway, name: undefined });
				await second;
			}
			return transact(writes);
		};

		const first = await post({ ...customerGateway, name: undefined });

		expect(first).toMatchObject({ status: 201, body: { id: (await second)?.body.id } });
		expect(made()).toBe(1);
	});

	it('shows nothing that the caller may no longer see', async () => {
		memory.ports.requests.finish = async () => Promise.reject(new Error('throttled'));
		await post(customerGateway);
		memory.seen.kept.rows.customerGateways.clear();

		expect((await post(customerGateway)).body).toMatchObject(problem('not-found'));
	});

	it('is refused while the first is still at work', async () => {
		const { transact } = memory.ports.store;
		let second: Promise<{ status?: number; body: unknown }> | undefined;
		memory.ports.store.transact = async (writes) => {
			second ??= post(customerGateway);
			await second;
			return transact(writes);
		};

		expect((await post(customerGateway)).status).toBe(201);

		const { status, body } = (await second) ?? {};
		expect(status).toBe(409);
		expect(body).toMatchObject({
			...problem('illegal-state'),
			detail: expect.stringContaining('first request'),
		});
	});

	it('is kept for a day, and its beginning for a minute', async () => {
		const { begin, finish } = memory.ports.requests;
		const until: number[] = [];
		memory.ports.requests.begin = async (...given) => {
			until.push(given[2]);
			return begin(...given);
		};
		memory.ports.requests.finish = async (...given) => {
			until.push(given[2]);
			return finish(...given);
		};
		const now = Math.floor(start.getTime() / 1_000);

		await post(customerGateway);

		expect(until).toEqual([now + 60, now + 86_400]);
	});

	const operator = { sub: 'operator', account: 'acme', groups: ['admin'] };
	it.each<[string, Who, Who, object?]>([
		['an admin whose account is the tenant’s', operator, acme],
		['an admin of the same name and account', { ...acme, sub: 'jo', groups: ['admin'] }, { ...acme, sub: 'jo' }],
		['another user of the account', { ...acme, sub: 'jo' }, { ...acme, sub: 'mo' }],
		['one whose name is the account', { sub: 'acme', groups: ['admin'] }, acme, { accountId: 'other' }],
		['an admin for another account', { groups: ['admin'] }, { groups: ['admin'] }, { accountId: 'other' }],
	])('is not that of %s', async (_what, one, other, theirs = {}) => {
		const first = { ...customerGateway, name: 'theirs', ...('groups' in one ? { accountId: 'acme' } : {}), ...theirs };
		const second = { ...customerGateway, name: 'ours', ...('groups' in other ? { accountId: 'third' } : {}) };
		const before = await post(first, 'k', { who: one });
		expect(before.status).toBe(201);

		const after = await post(second, 'k', { who: other });

		expect(after.status).toBe(201);
		expect(after.body.id).not.toBe(before.body.id);
	});

	it('is refused before anything of it is repeated, where its caller may not act for the account', async () => {
		await post({ ...customerGateway, accountId: 'other' }, 'k', { who: { sub: 'jo', groups: ['admin'] } });
		const begun = memory.seen.requests.size;

		const { body } = await post({ ...customerGateway, accountId: 'other' }, 'k', { who: { sub: 'jo', account: 'acme' } });

		expect(body).toMatchObject(problem('forbidden'));
		expect(memory.seen.requests.size).toBe(begun);
	});

	it('is its account’s own, or its caller’s where the token names none', async () => {
		expect((await post(customerGateway, 'k', { who: acme })).status).toBe(201);
		expect((await post(customerGateway, 'k', { who: { account: 'other' } })).status).toBe(201);
		expect((await post({ ...customerGateway, accountId: 'third' }, 'k', { who: admin })).status).toBe(201);

		expect(made()).toBe(3);
	});

	it('is its route’s own', async () => {
		expect((await post(customerGateway)).status).toBe(201);
		const subscription = { protocol: 'email', endpoint: 'jo@example.org' };
		const other = await call('POST /v1/alert-subscriptions', { body: subscription, headers: { 'idempotency-key': 'k' } });

		expect(other.status).toBe(202);
	});

	it.each([
		['the longest', '!'.repeat(200), 201],
		['one that is longer', 'k'.repeat(201), 400],
		['an empty one', '', 400],
		['one with a space', 'a key', 400],
		['one with a letter beyond ASCII', 'schlüssel', 400],
	])('takes a key of visible ASCII: %s', async (_what, key, status) => {
		const answer = await post(customerGateway, key);

		expect(answer.status).toBe(status);
		if (status === 400)
			expect(answer.body).toMatchObject({
				...problem('invalid-request'),
				detail: 'Idempotency-Key must be 1 to 200 visible ASCII characters',
			});
	});
});
