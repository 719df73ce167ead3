import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { idsOf, ownedBy, put, start, startWithTable, TableName, thing, write } from './dynamodb-under-test.ts';

describe('the local DynamoDB after a crash', () => {
	it('undoes a half-written transaction from its journal', async () => {
		const { dir, client, stop } = await startWithTable();
		await write(client, [put('changed', 'eve'), put('made', 'eve')]);
		await stop();
		const undo = [
			{ table: TableName, key: { id: { S: 'changed' } }, item: thing('changed') },
			{ table: TableName, key: { id: { S: 'made' } } },
			{ table: TableName, key: { id: { S: 'deleted' } }, item: thing('deleted') },
		];
		await writeFile(join(dir, 'journal.json'), JSON.stringify({ undo, tokens: [] }));

		const { client: again } = await start(dir);
		expect(await idsOf(again)).toEqual(['changed', 'deleted']);
		expect(await ownedBy(again, 'ann')).toEqual(expect.arrayContaining(['changed', 'deleted']));
		expect(await ownedBy(again, 'eve')).toEqual([]);
	});

	it('leaves no index row for an item whose write was cut off before the item itself', async () => {
		const { dir, client, stop } = await startWithTable();
		await write(client, [put('made', 'eve')]);
		await stop();
		await forgetItem(dir, thing('made', 'eve'));
		const undo = [{ table: TableName, key: { id: { S: 'made' } } }];

		const cutOff = await start(dir);
		expect([await idsOf(cutOff.client), await ownedBy(cutOff.client, 'eve')]).toEqual([[], ['made']]);
		await cutOff.stop();
		await writeFile(join(dir, 'journal.json'), JSON.stringify({ undo, tokens: [] }));

		const { client: again } = await start(dir);
		expect([await idsOf(again), await ownedBy(again, 'eve')]).toEqual([[], []]);
	});

	it('has each transaction completely or not at all, however often it is killed', async () => {
		const { dir, stop } = await startWithTable();
		await stop();
		for (const round of [1, 2, 3, 4]) {
			await killedWhileWriting(dir, round);
			const { client, stop: end } = await start(dir);
			const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
			const generations = new Set(Items.map((item) => item['owner']?.S));
			expect(Items).toHaveLength(20);
			expect(generations.size).toBe(1);
			expect(await ownedBy(client, [...generations][0] ?? '')).toHaveLength(20);
			const indexed = await client.send(new ScanCommand({ TableName, IndexName: 'byOwner' }));
			expect(indexed.Items).toHaveLength(20);
			await end();
		}
	});
});

/** Takes an item away beneath dynalite, and leaves its index rows: a write that was killed between the two. */
const forgetItem = async (dir: string, item: object): Promise<void> => {
	const db = createRequire(import.meta.url)('dynalite/db');
	const store = db.create({ path: join(dir, 'leveldb') });
	const done = (run: (end: (error: Error | null, value?: unknown) => void) => void) =>
		new Promise<unknown>((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))));
	const table = await done((end) => store.getTable(TableName, false, end));
	await done((end) => store.getItemDb(TableName).del(db.createKey(item, table), end));
	await done((end) => store.db.close(end));
};

const writer = `
	import { startDynamoDb } from './local/dynamodb/start-dynamodb.ts';
	const [dir, round] = process.argv.slice(1);
	const { url } = await startDynamoDb({ dir });
	const headers = {
		'content-type': 'application/x-amz-json-1.0',
		'x-amz-target': 'DynamoDB_20120810.TransactWriteItems',
	};
	for (let n = 0; ; n++) {
		const TransactItems = Array.from({ length: 20 }, (_, id) => ({
			Put: { TableName: 'things', Item: { id: { S: String(id) }, owner: { S: round + '-' + n } } },
		}));
		const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ TransactItems }) });
		if (!answer.ok) throw new Error(await answer.text());
		if (n === 1) console.log('writing');
	}
`;

const killedWhileWriting = async (dir: string, round: number): Promise<void> => {
	const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', writer, dir, String(round)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
	expect(child.exitCode).toBeNull();
	await new Promise((resolve) => setTimeout(resolve, round * 17));
	child.kill('SIGKILL');
	await once(child, 'exit');
};
