import { beforeEach, describe, expect, it } from 'vitest';
import { apiCaller, type Call } from '../support/api-caller.ts';
import { later } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';

const customerGateway = {
	name: 'harbour office',
	gateway: '198.51.100.27',
	remoteId: 'harbour.example.org',
	remoteCidrs: ['10.2.0.0/24'],
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};
const route = 'POST /v1/vpn-customer-gateways';

let memory: MemoryPorts;
beforeEach(() => {
	memory = memoryPorts();
});
const call = (routeKey: string, one: Call, params?: Record<string, string>) => apiCaller(memory.ports)(routeKey, one, params);
const create = (psk: string | undefined, one: Call = {}) => call(route, { ...one, body: { ...customerGateway, psk } });

describe('a pre-shared key', () => {
	it.each([
		['of one character', 'aaaaaaaaaaaaaaaa'],
		['of two characters', 'abababababab'],
		['that counts', '12345678'],
		['that counts down', 'hgfedcba'],
		['that counts and slips once', '123456789a'],
		['that counts past nine', '12345678910'],
		['that counts in figures and in letters', '1234567890abc'],
		['of a few characters, each many times', '11111111222222223333'],
		['that counts by twos', '02468ace'],
		['that is a word twice', 'passwordpassword'],
		['of seven characters', 'aB3$xY9'],
		['that is the peer’s address', '198.51.100.27'],
		['that is the peer’s address in other signs', '198-51-100-27'],
		['that is the peer’s identity', 'Harbour.Example.ORG'],
		['that is the name', 'Harbour-Office'],
	])('%s is refused, with a way out', async (_what, psk) => {
		const { status, body } = await create(psk);

		expect(status).toBe(400);
		expect(body.errors).toEqual([{ pointer: '/psk', detail: expect.stringMatching(/generate=true|at least 8/) }]);
		expect(JSON.stringify(body)).not.toContain(psk);
		expect(memory.seen.secrets.size).toBe(0);
	});

	it.each(['a-secret', 'correct horse battery', 'öäüß€漢字かな', '9f86d081884c7d65', 'abc-4711-xyz', 'Tr0ub4dor&3'])(
		'may be %s',
		async (psk) => {
			expect((await create(psk)).status).toBe(201);
		},
	);

	it.each([' begins with one', 'ends with one ', '\u00a0 both \u3000'])(
		'with a blank at an end has a warning: "%s"',
		async (psk) => {
			const warning = expect.stringMatching(/^psk begins or ends with a blank/);
			const made = await create(psk);
			expect(made).toMatchObject({ status: 201, body: { warnings: [warning] } });

			const patch = (one: Call) => call('PATCH /v1/vpn-customer-gateways/{id}', one, { id: made.body.id });
			expect((await patch({ body: { psk: 'correct horse battery' } })).body).not.toHaveProperty('warnings');
			const plan = await patch({ body: { psk }, query: { dryRun: 'true' } });
			expect(plan.body).toMatchObject({ dryRun: true, warnings: [warning] });
			expect(await patch({ body: { psk } })).toMatchObject({ status: 200, body: { pskVersion: 3, warnings: [warning] } });
			expect((await patch({ body: { name: 'harbour' } })).body).not.toHaveProperty('warnings');
		},
	);

	it('that replaces another is no weaker', async () => {
		const { body } = await create('correct horse battery');
		const patch = (psk: string) => call('PATCH /v1/vpn-customer-gateways/{id}', { body: { psk } }, { id: body.id });

		expect([(await patch('12345678')).status, (await patch('198.51.100.27')).status]).toEqual([400, 400]);
		expect((await patch('another horse battery')).status).toBe(200);
	});
});

describe('a pre-shared key that is made for the caller', () => {
	const generate = { query: { generate: 'true' } };

	it('is answered once, and stands nowhere but in Parameter Store', async () => {
		const { status, body } = await create(undefined, generate);

		expect(status).toBe(201);
		expect(body).toMatchObject({ pskReturned: true, psk: expect.stringMatching(/^[\w-]{32}$/) });
		expect([...memory.seen.secrets.values()].map((one) => one.is((text) => text === body.psk))).toEqual([true]);
		const shown = await call('GET /v1/vpn-customer-gateways/{id}', {}, { id: body.id });
		expect(JSON.stringify([shown, memory.seen.kept.rows, memory.seen.kept.events])).not.toContain(body.psk);
	});

	it('is not in the record of an Idempotency-Key: a repeat says that it is not returned', async () => {
		const keyed = { ...generate, headers: { 'idempotency-key': 'k' } };
		const first = await create(undefined, keyed);
		expect(JSON.stringify([...memory.seen.requests])).not.toContain(first.body.psk);

		const { psk: _once, ...rest } = first.body;
		expect(await create(undefined, keyed)).toMatchObject({ status: 201, body: { ...rest, pskReturned: false } });
		expect((await create(undefined, keyed)).body).not.toHaveProperty('psk');
		expect(memory.seen.kept.rows.customerGateways.size).toBe(1);
	});

	it('is not returned either by the repeat of a request that was cut', async () => {
		const keyed = { ...generate, headers: { 'idempotency-key': 'k' } };
		const { finish } = memory.ports.requests;
		memory.ports.requests.finish = async () => Promise.reject(new Error('throttled'));
		expect((await create(undefined, keyed)).status).toBe(500);
		memory.ports.requests.finish = finish;

		const { status, body } = await create(undefined, keyed);
		expect([status, body.pskReturned, body.psk]).toEqual([201, false, undefined]);
	});

	it('is never the same', async () => {
		const one = await create(undefined, generate);
		const two = await call(route, { ...generate, body: { ...customerGateway, name: 'another' } });

		expect(one.body.psk).not.toBe(two.body.psk);
	});

	it.each([
		['neither a key nor generate', undefined, {}],
		['both', 'correct horse battery', generate],
	])('takes one of the two: %s', async (_what, psk, one) => {
		expect((await create(psk, one)).body.errors).toMatchObject([{ pointer: '/psk' }]);
	});

	it('is another request than one with a key', async () => {
		const headers = { 'idempotency-key': 'k' };
		await create(undefined, { ...generate, headers });

		expect((await create('correct horse battery', { headers })).status).toBe(422);
	});
});

describe('a new pre-shared key that is made for the caller', () => {
	const generate = { generate: 'true' };
	const keyed = { query: generate, headers: { 'idempotency-key': 'k' }, body: {} };
	let id: string;
	beforeEach(async () => {
		id = (await create('correct horse battery')).body.id;
	});
	const patch = (one: Call) => call('PATCH /v1/vpn-customer-gateways/{id}', one, { id });
	const keys = () => [...memory.seen.secrets.values()].map((one) => one.reveal());

	it('replaces the one before, is answered once, and stands nowhere but in Parameter Store', async () => {
		const { status, body, headers } = await patch({ query: generate, body: { name: 'harbour' } });

		expect(status).toBe(200);
		expect(body).toMatchObject({ name: 'harbour', pskVersion: 2, pskReturned: true, psk: expect.stringMatching(/^[\w-]{32}$/) });
		expect(headers).toMatchObject({ 'cache-control': 'no-store' });
		expect(keys()).toContain(body.psk);
		const shown = await call('GET /v1/vpn-customer-gateways/{id}', {}, { id });
		expect(JSON.stringify([shown, memory.seen.kept.rows, memory.seen.kept.events])).not.toContain(body.psk);
	});

	it('is no part of the answer to a change of anything else', async () => {
		const { body } = await patch({ query: { generate: 'false' }, body: { name: 'harbour' } });

		expect(body).toMatchObject({ name: 'harbour', pskVersion: 1 });
		expect(body).not.toHaveProperty('psk');
		expect(body).not.toHaveProperty('pskReturned');
	});

	it('is not in the record of an Idempotency-Key: a repeat makes no other, and says that it is not returned', async () => {
		const first = await patch(keyed);
		expect(JSON.stringify([...memory.seen.requests])).not.toContain(first.body.psk);

		const { psk: _once, ...rest } = first.body;
		const again = await patch(keyed);
		expect(again).toMatchObject({ status: 200, body: { ...rest, pskVersion: 2, pskReturned: false } });
		expect(again.body).not.toHaveProperty('psk');
		expect(keys().filter((one) => one !== 'correct horse battery')).toEqual([first.body.psk]);
	});

	it('is not returned either by the repeat of a request that was cut', async () => {
		const { finish } = memory.ports.requests;
		memory.ports.requests.finish = async () => Promise.reject(new Error('throttled'));
		expect((await patch(keyed)).status).toBe(500);
		memory.ports.requests.finish = finish;

		const { status, body } = await patch(keyed);
		expect([status, body.pskVersion, body.pskReturned, body.psk]).toEqual([200, 2, false, undefined]);
	});

	it('is refused beside a key, in a plan too, and then nothing is stored', async () => {
		const both = { body: { psk: 'another horse battery' } };
		const detail = 'must be left out with generate=true, which makes one';

		for (const query of [generate, { ...generate, dryRun: 'true' }]) {
			expect(await patch({ ...both, query })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/psk', detail }] } });
		}
		expect(keys()).toEqual(['correct horse battery']);
	});

	it('is planned like any new key, and is not made by the plan', async () => {
		const { body } = await patch({ query: { ...generate, dryRun: 'true' }, body: {} });

		expect(body).toMatchObject({ dryRun: true, changes: [{ pointer: '/psk' }] });
		expect(body).not.toHaveProperty('psk');
		expect(keys()).toEqual(['correct horse battery']);
	});

	it('is never the same', async () => {
		const [one, two] = [await patch({ query: generate, body: {} }), await patch({ query: generate, body: {} })];

		expect([one.body.pskVersion, two.body.pskVersion]).toEqual([2, 3]);
		expect(one.body.psk).not.toBe(two.body.psk);
	});
});

describe('the customer gateways of an account', () => {
	it('are five hundred at most, however many are made at once, and fewer again when one is deleted', async () => {
		const make = (n: number) => call(route, { body: { ...customerGateway, name: `office ${n}`, psk: 'correct horse battery' } });
		for (let n = 0; n < 495; n++) {
			// An account gives a hundred keys a minute.
			memory.outside.now = later(60 * Math.floor(n / 100));
			await make(n);
		}

		memory.outside.now = later(60 * 60);
		const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => make(1_000 + n)));

		expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
		const refused = answers.find(({ status }) => status === 409);
		expect(refused?.body).toMatchObject({ detail: expect.stringContaining('delete one') });
		const [first] = answers.filter(({ status }) => status === 201);
		await call('DELETE /v1/vpn-customer-gateways/{id}', {}, { id: first?.body.id });
		expect((await make(2_000)).status).toBe(201);
	});

	it('are counted for each account by itself', async () => {
		memory.seen.kept.counts.set('customerGateways count#other', 500);

		expect((await create('correct horse battery')).status).toBe(201);
		expect((await create('correct horse battery', { who: { account: 'other' } })).status).toBe(409);
	});
});
