import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentClient } from '../../functions/adapters/dynamodb/document-client.ts';
import { dynamoEvents } from '../../functions/adapters/dynamodb/dynamo-events.ts';
import { dynamoRequests } from '../../functions/adapters/dynamodb/dynamo-requests.ts';
import { dynamoSecretIntents } from '../../functions/adapters/dynamodb/dynamo-secret-intents.ts';
import { dynamoStore } from '../../functions/adapters/dynamodb/dynamo-store.ts';
import { dynamoSubscriptions } from '../../functions/adapters/dynamodb/dynamo-subscriptions.ts';
import { dynamoTurns } from '../../functions/adapters/dynamodb/dynamo-turns.ts';
import { dynamoUsage } from '../../functions/adapters/dynamodb/dynamo-usage.ts';
import { shardOf } from '../../functions/domain/monitoring/due.ts';
import { StaleRead, type Store, TooMuchUsage } from '../../functions/ports.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later, start } from '../support/builders.ts';
import { names, startLocalTables } from '../support/local-tables.ts';
import { memoryStore } from '../support/memory-store.ts';

let tables: Awaited<ReturnType<typeof startLocalTables>>;
let client: DynamoDBDocumentClient;
beforeAll(async () => {
	tables = await startLocalTables();
	({ client } = tables);
});
afterAll(() => tables?.stop());

describe.each<[string, () => Store]>([
	['in memory', () => memoryStore().store],
	['on DynamoDB', () => dynamoStore(client, names)],
])('the store %s', (where, open) => {
	const account = `acme-${where.length}`;
	let store: Store;
	beforeAll(() => {
		store = open();
	});

	it('returns a row as it was written, one revision higher', async () => {
		const next = aCustomerGateway({ accountId: account });
		await store.transact([{ put: 'customerGateways', next, current: undefined }]);

		expect(await store.get('customerGateways', next.id)).toEqual({ ...next, rev: 1 });
	});

	it('writes all or nothing, and throws StaleRead if a row has changed since it was read', async () => {
		const current = await store.get('customerGateways', idOf('cgw', 1));
		const connection = aConnection({ accountId: account, id: idOf('vpnc', 7) });
		if (current === undefined) throw new Error('the row of the test before is there');
		await store.transact([{ put: 'customerGateways', next: { ...current, name: 'Renamed' }, current }]);

		const late = store.transact([
			{ put: 'connections', next: connection, current: undefined },
			{ put: 'customerGateways', next: { ...current, name: 'Too late' }, current },
		]);

		await expect(late).rejects.toBeInstanceOf(StaleRead);
		await expect(late).rejects.toThrow(`customerGateways ${current.id}`);
		await expect(late).rejects.not.toThrow(connection.id);
		expect(await store.get('connections', connection.id)).toBeUndefined();
		expect((await store.get('customerGateways', current.id))?.name).toBe('Renamed');
	});

	it('refuses a name that is claimed, until it is released', async () => {
		await store.transact([{ claim: 'vpcs', key: `router#${account}`, owner: 'vpc-1' }]);

		expect(await store.holderOf('vpcs', `router#${account}`)).toBe('vpc-1');
		await expect(store.transact([{ claim: 'vpcs', key: `router#${account}`, owner: 'vpc-2' }])).rejects.toBeInstanceOf(StaleRead);
		await expect(store.transact([{ claim: 'vpcs', key: `router#${account}`, owner: 'vpc-2' }])).rejects.toThrow(
			`vpcs router#${account}`,
		);
		await store.transact([{ release: 'vpcs', key: `router#${account}` }]);
		expect(await store.holderOf('vpcs', `router#${account}`)).toBeUndefined();
	});

	it('counts beside its rows, and never past the most', async () => {
		const key = `count#${account}`;
		const count = (by: 1 | -1) => store.transact([{ count: 'customerGateways', key, by, most: 2 }]);
		expect(await store.countOf('customerGateways', key)).toBe(0);

		const counted = await Promise.allSettled([count(1), count(1), count(1)]);

		expect(counted.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
		await expect(count(1)).rejects.toBeInstanceOf(StaleRead);
		await count(-1);
		expect(await store.countOf('customerGateways', key)).toBe(1);
		expect(await store.get('customerGateways', key)).toBeUndefined();
	});

	it('commits a request once, with what it has made', async () => {
		const key = `commit-${account}`;
		const commit = { key, requestHash: 'h', made: 'cgw-1', expiresAt: Math.floor(Date.now() / 1_000) + 60 };
		const marker = (n: number) => ({ claim: 'vpcs' as const, key: `${key}-${n}`, owner: 'vpc-1' });
		await store.transact([marker(1), { commit }]);

		const again = store.transact([marker(2), { commit: { ...commit, made: 'cgw-2' } }]);

		await expect(again).rejects.toBeInstanceOf(StaleRead);
		await expect(again).rejects.toThrow(`request ${key}`);
		expect(await store.holderOf('vpcs', `${key}-2`)).toBeUndefined();
	});

	it('refuses a transaction of more than 100 items, of more than 4 MB, or with an item twice', async () => {
		const connection = (n: number) => ({
			put: 'connections' as const,
			next: aConnection({ accountId: account, id: idOf('vpnc', 1_000 + n) }),
			current: undefined,
		});
		const many = Array.from({ length: 101 }, (_, n) => connection(n));
		const event = (n: number) => ({
			record: {
				subject: { kind: 'connection' as const, id: idOf('vpnc', 1_000) },
				id: `${n}`,
				accountId: account,
				vpcId: idOf('vpc', 1),
				at: start.toISOString(),
				who: 'jo',
				kind: 'apply' as const,
				detail: 'x'.repeat(350_000),
				expiresAt: 0,
			},
		});
		const large = Array.from({ length: 12 }, (_, n) => event(n));

		for (const writes of [many, large, [connection(1), connection(1)]]) {
			await expect(store.transact(writes)).rejects.toMatchObject({ name: 'ValidationException' });
		}
		await store.transact(many.slice(1));
		await store.transact(large.slice(1));
	});

	it('lets exactly one of fifty concurrent writers win', async () => {
		const next = aVpc({ id: idOf('vpc', 50), accountId: account });
		const tries = Array.from({ length: 50 }, () => store.transact([{ put: 'vpcs', next, current: undefined }]));

		const outcomes = await Promise.allSettled(tries);

		expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect((await store.get('vpcs', next.id))?.rev).toBe(1);
	});

	it('lists an account’s rows in pages, oldest first', async () => {
		for (const n of [12, 11, 10]) {
			const createdAt = later(n).toISOString();
			await store.transact([
				{
					put: 'vpnGateways',
					next: {
						id: idOf('vgw', n),
						accountId: `${account}-list`,
						createdAt,
						updatedAt: createdAt,
						version: 1,
						rev: 0,
						vpcId: idOf('vpc', n),
						publicIp: '192.0.2.1',
					},
					current: undefined,
				},
			]);
		}

		const one = await store.list('vpnGateways', { accountId: `${account}-list`, limit: 2 });
		const two = await store.list('vpnGateways', {
			accountId: `${account}-list`,
			limit: 2,
			...(one.next === undefined ? {} : { after: one.next }),
		});

		expect([...one.items, ...two.items].map(({ id }) => id)).toEqual([10, 11, 12].map((n) => idOf('vgw', n)));
		expect(two.next).toBeUndefined();
	});

	it('goes on after any row of a page, even one that is deleted by then', async () => {
		const accountId = `${account}-list`;
		const { items, behind } = await store.list('vpnGateways', { accountId, limit: 3 });
		const [first, second] = items;
		if (first === undefined || second === undefined) throw new Error('the rows of the test before are there');
		const idsBehind = async (row: typeof first) =>
			(await store.list('vpnGateways', { accountId, limit: 3, after: behind(row) })).items.map(({ id }) => id);

		expect(await idsBehind(first)).toEqual([11, 12].map((n) => idOf('vgw', n)));
		await store.transact([{ remove: 'vpnGateways', current: second }]);
		expect(await idsBehind(second)).toEqual([idOf('vgw', 12)]);
	});

	it('goes on after any account', async () => {
		const ids = ['one', 'two', 'three'].map((name) => `${account}-${name}`);
		for (const id of ids) {
			const row = { id, accountId: id, createdAt: start.toISOString(), updatedAt: start.toISOString(), version: 1, rev: 0 };
			await store.transact([{ put: 'accounts', next: { ...row, name: id, vpnEnabled: true }, current: undefined }]);
		}
		const { items, behind } = await store.list('accounts', { limit: 100 });

		for (const [n, row] of items.entries()) {
			expect((await store.list('accounts', { limit: 100, after: behind(row) })).items).toEqual(items.slice(n + 1));
		}
	});

	it('finds exactly the routers that are due or dirty', async () => {
		const due = aVpc({ id: 'vpc-0000000a', accountId: account });
		const dirty = aVpc({ id: 'vpc-0000000b', accountId: account, slots: {}, generation: 4 });
		await store.transact([
			{ put: 'vpcs', next: due, current: undefined },
			{ put: 'vpcs', next: dirty, current: undefined },
		]);
		const all = Array.from({ length: 8 }, (_, shard) => shard);

		const found = (await Promise.all(all.map((shard) => store.dueVpcs(shard)))).flat().map(({ id }) => id);
		const behind = (await Promise.all(all.map((shard) => store.dirtyVpcs(shard)))).flat();

		expect(found).toContain(due.id);
		expect(found).not.toContain(dirty.id);
		expect(behind).toEqual([dirty.id]);
	});
});

describe('DynamoDB', () => {
	const owedEvent = (accountId: string, id: string) => ({
		subject: { kind: 'connection' as const, id: idOf('vpnc', accountId.length) },
		id,
		accountId,
		vpcId: 'v',
		at: start.toISOString(),
		who: 'check',
		kind: 'notified' as const,
		alert: { alertId: id, subject: 's', email: 'e', sms: 't', owedAt: start.toISOString() },
		expiresAt: 4_000_000_000,
	});

	it('names each row that has changed and its revision or owner now, and nothing else of it', async () => {
		const store = dynamoStore(client, names);
		const [changed, gone, made] = [1, 2, 3].map((n) => aCustomerGateway({ accountId: 'guards', id: idOf('cgw', 900 + n) }));
		if (changed === undefined || gone === undefined || made === undefined) throw new Error('three rows');
		for (const next of [changed, made]) await store.transact([{ put: 'customerGateways', next, current: undefined }]);
		await store.transact([{ claim: 'customerGateways', key: 'name#guards', owner: 'cgw-7' }]);

		const late = store.transact([
			{ put: 'customerGateways', next: changed, current: { ...changed, rev: 9 } },
			{ remove: 'customerGateways', current: { ...gone, rev: 4 } },
			{ unchanged: 'customerGateways', id: made.id, current: undefined },
			{ claim: 'customerGateways', key: 'name#guards', owner: 'cgw-8' },
			{ release: 'customerGateways', key: 'name#other' },
		]);

		await expect(late).rejects.toThrow(
			new StaleRead(
				[
					`customerGateways ${changed.id} was read at revision 9 and is at revision 1`,
					`customerGateways ${gone.id} was read at revision 4 and is gone`,
					`customerGateways ${made.id} was not there and is at revision 1`,
					'customerGateways name#guards was not there and is held by cgw-7',
				].join('; '),
			),
		);
	});

	it('names the rows of a transaction that keeps conflicting with others', async () => {
		const store = dynamoStore(client, names);
		tables.server.injectConflicts(7);

		await expect(store.transact([{ claim: 'accounts', key: 'wanted', owner: 'me' }])).rejects.toThrow(
			new StaleRead('accounts wanted is in another transaction'),
		);
	});

	it('retries a transaction that conflicts with another', async () => {
		const store = dynamoStore(client, names);
		tables.server.injectConflicts(3);

		await store.transact([{ claim: 'accounts', key: 'conflict', owner: 'me' }]);

		expect(await store.holderOf('accounts', 'conflict')).toBe('me');
	});

	it('keeps an alert owed until it is paid, and gives it to one sender at a time', async () => {
		const store = dynamoStore(client, names);
		const events = dynamoEvents(client, names.events);
		const at = start.toISOString();
		const event = owedEvent('owed', '01');
		await store.transact([{ record: event }]);

		expect(await events.accountsOwed(later(1).toISOString())).toEqual(['owed']);
		const [owed] = await events.owed('owed');
		if (owed === undefined) throw new Error('nothing owed');
		const hold = { messageId: 'first', texted: false, now: at, until: later(60).toISOString() };
		expect(await events.claim([owed], hold)).toBe(true);
		expect(
			await events.claim([owed], {
				messageId: 'second',
				texted: true,
				now: later(1).toISOString(),
				until: later(61).toISOString(),
			}),
		).toBe(false);
		expect((await events.owed('owed'))[0]?.alert).toMatchObject({ messageId: 'first', texted: false });
		await events.pay([event], at);
		expect(await events.owed('owed')).toEqual([]);
		expect((await events.list(event.subject.id, { limit: 10 })).items[0]?.alert?.paidAt).toBe(at);
	});

	it('holds all alerts of a message or none of them', async () => {
		const store = dynamoStore(client, names);
		const events = dynamoEvents(client, names.events);
		const at = start.toISOString();
		for (const id of ['01', '02']) await store.transact([{ record: owedEvent('storm', id) }]);
		const [one, two] = await events.owed('storm');
		if (one === undefined || two === undefined) throw new Error('not both owed');
		const found = async () => (await events.owed('storm')).map(({ alert }) => ({ ...alert }));
		await events.claim([two], { messageId: 'two', texted: true, now: at, until: later(60).toISOString() });

		// The leader is held by another, or one of the others is.
		for (const parts of [[two, one] as const, [one, two] as const]) {
			const hold = { messageId: 'both', texted: true, now: later(1).toISOString(), until: later(61).toISOString() };
			expect(await events.claim(parts, hold)).toBe(false);
		}

		const [free, held] = await found();
		expect(free?.leads).not.toBe(true);
		expect(free?.heldUntil).toBeUndefined();
		expect(held).toMatchObject({ messageId: 'two', leads: true, heldUntil: later(60).toISOString() });
		expect(
			await events.claim([one], { messageId: 'one', texted: true, now: later(2).toISOString(), until: later(62).toISOString() }),
		).toBe(true);
		expect((await found())[0]).toMatchObject({ messageId: 'one', leads: true, triedAt: later(2).toISOString() });
	});

	it('leaves a message without a leader if its sender is killed before it holds all of it', async () => {
		const store = dynamoStore(client, names);
		const at = start.toISOString();
		const ids = ['01', '02', '03'];
		for (const id of ids) await store.transact([{ record: owedEvent('killed', id) }]);
		const events = dynamoEvents(client, names.events);
		const [leader, ...others] = await events.owed('killed');
		if (leader === undefined) throw new Error('nothing owed');
		const gone = { ...leader, id: 'not there' };

		await events.claim([gone, ...others], { messageId: 'all', texted: true, now: at, until: later(60).toISOString() });

		expect((await events.owed('killed')).map(({ alert }) => alert?.leads === true)).toEqual([false, false, false]);
	});

	it('adds usage to the hour, and finds the hours of a window by connection and by account', async () => {
		const store = dynamoStore(client, names);
		const usage = dynamoUsage(client, names.usage);
		const row = { accountId: 'acme', connectionId: idOf('vpnc', 7), hour: '2026-01-02T03:00:00.000Z', bytesIn: 5, bytesOut: 7 };
		await store.transact([{ add: { ...row, expiresAt: 2_000_000_000 } }]);
		await store.transact([{ add: { ...row, expiresAt: 2_000_000_000 } }]);
		await store.transact([{ add: { ...row, hour: '2026-01-02T04:00:00.000Z', expiresAt: 2_000_000_000 } }]);

		const window = { from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T04:00:00.000Z' };
		const found = [{ ...row, bytesIn: 10, bytesOut: 14 }];
		expect(await usage.ofConnection(row.connectionId, window)).toMatchObject(found);
		const { hour: _any, ...total } = { ...row, bytesIn: 10, bytesOut: 14 };
		expect(await usage.ofAccount('acme', window)).toEqual([total]);
		expect(await usage.ofAll(window)).toEqual([total]);
		const both = { from: window.from, to: '2026-01-02T05:00:00.000Z' };
		expect(await usage.ofAccount('acme', both)).toEqual([{ ...total, bytesIn: 15, bytesOut: 21 }]);
		expect(await usage.ofAccount('other', window)).toEqual([]);

		// Beyond the integers that are safe it is a number all the same.
		await store.transact([{ add: { ...row, bytesIn: Number.MAX_SAFE_INTEGER, expiresAt: 2_000_000_000 } }]);
		for (const rows of [
			await usage.ofConnection(row.connectionId, window),
			await usage.ofAccount('acme', window),
			await usage.ofAll(window),
		])
			expect(rows.map(({ bytesIn }) => typeof bytesIn)).toEqual(rows.map(() => 'number'));
	});

	it('adds up usage as long as a request has time, and for as many connections as an answer holds', async () => {
		let pages = 0;
		const Items = Array.from({ length: 5_000 }, (_, n) => ({
			connectionId: `vpnc-${n}`,
			accountId: 'acme',
			bytesIn: 1,
			bytesOut: 2,
		}));
		const paged = (items: () => object[], most: number) =>
			Object.assign(documentClient(new DynamoDBClient({ region: 'us-east-1' })), {
				send: async () => ({ Items: items(), ...(++pages < most ? { LastEvaluatedKey: { connectionId: `${pages}` } } : {}) }),
			}) as typeof client;
		const window = { from: '2026-01-02T03:00:00.000Z', to: '2026-03-02T04:00:00.000Z' };

		const totals = await dynamoUsage(
			paged(() => Items, 20),
			'usage',
		).ofAccount('acme', window);
		expect(totals).toHaveLength(5_000);
		expect(totals[0]).toEqual({ connectionId: 'vpnc-0', accountId: 'acme', bytesIn: 20, bytesOut: 40 });

		pages = 0;
		const late = dynamoUsage(
			paged(() => Items, 1_000_000),
			'usage',
			-1,
		);
		await expect(late.ofAccount('acme', window)).rejects.toThrow(TooMuchUsage);
		await expect(late.ofAll(window)).rejects.toThrow(TooMuchUsage);
		expect(pages).toBe(2);
		const others = () => Items.map((one, n) => ({ ...one, connectionId: `vpnc-${pages}-${n}` }));
		await expect(dynamoUsage(paged(others, 1_000_000), 'usage').ofAll(window)).rejects.toThrow(TooMuchUsage);
	});

	it('gives only one turn within the given seconds', async () => {
		const turns = dynamoTurns(client, names.control);

		expect(await turns.take('alert#acme', later(0), 5)).toBe(true);
		expect(await turns.take('alert#acme', later(4), 5)).toBe(false);
		expect(await turns.take('alert#acme', later(5), 5)).toBe(true);

		await turns.giveBack('alert#acme');
		await turns.giveBack('nobody’s');
		expect(await turns.take('alert#acme', later(5), 5)).toBe(true);
	});

	it('lists only the subscriptions of the account', async () => {
		const subscriptions = dynamoSubscriptions(client, names.alertSubscriptions);
		const next = {
			id: 'sub-00000000000000001',
			accountId: 'acme',
			protocol: 'sms',
			endpoint: '+4915112345678',
			createdAt: start.toISOString(),
		} as const;
		expect(await subscriptions.add(next, 1)).toBe('added');

		expect((await subscriptions.list('acme', { limit: 10 })).items).toEqual([next]);
		expect(await subscriptions.add(next, 1)).toBe('known');
		expect(await subscriptions.add({ ...next, id: 'sub-00000000000000002' }, 1)).toBe('full');
		expect((await subscriptions.list('other', { limit: 10 })).items).toEqual([]);
		expect(await subscriptions.put({ ...next, ended: true })).toBe(true);
		expect(await subscriptions.get('acme', next.id)).toEqual({ ...next, ended: true });
		const asked = { ...next, askedAt: later(60).toISOString() };
		expect(await subscriptions.put(asked)).toBe(true);
		expect(await subscriptions.remove(next)).toBe(false);
		expect(await subscriptions.remove({ ...next, askedAt: later(30).toISOString() })).toBe(false);
		expect(await subscriptions.add({ ...next, id: 'sub-00000000000000002' }, 1)).toBe('full');
		expect(await subscriptions.remove(asked)).toBe(true);
		expect(await subscriptions.put(next)).toBe(false);
		expect(await subscriptions.get('acme', next.id)).toBeUndefined();
	});

	it('never adds more subscriptions than an account may have, however many are added at once', async () => {
		const subscriptions = dynamoSubscriptions(client, names.alertSubscriptions);
		const item = (n: number) => ({
			id: `sub-${String(n).padStart(17, '0')}`,
			accountId: 'crowd',
			protocol: 'email' as const,
			endpoint: `jo${n}@example.org`,
			createdAt: start.toISOString(),
		});

		const added = await Promise.all(Array.from({ length: 12 }, (_, n) => subscriptions.add(item(n), 5)));

		expect(added.filter((one) => one === 'added')).toHaveLength(5);
		const { items } = await subscriptions.list('crowd', { limit: 100 });
		expect(items).toHaveLength(5);
		expect(await subscriptions.remove(items[0] ?? item(0))).toBe(true);
		expect(await subscriptions.remove(items[0] ?? item(0))).toBe(false);
		expect(await subscriptions.add(item(90), 5)).toBe('added');
		expect(await subscriptions.add(item(91), 5)).toBe('full');
	});

	it('spends no more than there is under a key', async () => {
		const turns = dynamoTurns(client, names.control);
		const spent = await Promise.all(Array.from({ length: 9 }, () => turns.spend('q', 4, later(60))));

		expect(spent.filter(Boolean)).toHaveLength(4);
	});

	it('begins a request only once and with one call, and keeps its answer', async () => {
		const calls: unknown[] = [];
		const counting = Object.assign(Object.create(client), {
			send: (command: { input: unknown }) => {
				calls.push(command.input);
				return client.send(command as never);
			},
		}) as typeof client;
		const requests = dynamoRequests(counting, names.control);
		const expiresAt = Math.floor(Date.now() / 1000) + 60;

		expect(await requests.begin('k', 'h', expiresAt)).toBeUndefined();
		expect(await requests.begin('k', 'other', expiresAt)).toMatchObject({ requestHash: 'h' });
		expect(calls).toHaveLength(2);
		await requests.finish('k', { requestHash: 'h', status: 201, body: '{}' }, expiresAt);
		expect(await requests.begin('k', 'h', expiresAt)).toMatchObject({ status: 201, body: '{}' });
	});

	it('finds the intents that a crash left behind', async () => {
		const intents = dynamoSecretIntents(client, names.control);
		const intent = { id: 'cgw-1', accountId: 'acme', customerGatewayId: 'cgw-1', madeAt: start.toISOString() };
		await intents.put(intent);

		expect(await intents.madeBefore(later(1).toISOString())).toEqual([intent]);
		await intents.remove(intent.id);
		expect(await intents.madeBefore(later(1).toISOString())).toEqual([]);
		expect(shardOf(intent.id)).toMatch(/^[0-7]$/);
	});

	it('finds all intents, even if they fill more than one page of DynamoDB', async () => {
		const intents = dynamoSecretIntents(client, names.control);
		const ids = Array.from({ length: 200 }, (_, n) => `cgw-page${n}`)
			.filter((id) => shardOf(id) === '0')
			.slice(0, 4);
		// A page ends at 1 MB.
		for (const id of ids) {
			await intents.put({ id, accountId: 'x'.repeat(350_000), customerGatewayId: id, madeAt: start.toISOString() });
		}

		expect((await intents.madeBefore(later(1).toISOString())).map(({ id }) => id).sort()).toEqual(ids.sort());
		for (const id of ids) await intents.remove(id);
	});
});
