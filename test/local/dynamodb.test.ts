import {
	DescribeTimeToLiveCommand,
	GetItemCommand,
	PutItemCommand,
	TransactGetItemsCommand,
	type TransactWriteItem,
	UpdateContinuousBackupsCommand,
	UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { absent, idsOf, ownedBy, put, start, startWithTable, TableName, thing, write } from './dynamodb-under-test.ts';

describe('a transaction on the local DynamoDB', () => {
	it('puts, updates and deletes together, and reads together', async () => {
		const { client } = await startWithTable();
		await write(client, [put('old'), put('changing')]);
		await write(client, [
			{ ...put('new') },
			{ Delete: { TableName, Key: { id: { S: 'old' } }, ConditionExpression: 'attribute_exists(id)' } },
			{
				Update: {
					TableName,
					Key: { id: { S: 'changing' } },
					UpdateExpression: 'SET #o = :o',
					ConditionExpression: '#o = :was',
					ExpressionAttributeNames: { '#o': 'owner' },
					ExpressionAttributeValues: { ':o': { S: 'bob' }, ':was': { S: 'ann' } },
				},
			},
			{ ConditionCheck: { TableName, Key: { id: { S: 'nobody' } }, ConditionExpression: absent } },
		]);

		const get = (id: string) => ({ Get: { TableName, Key: { id: { S: id } } } });
		const read = await client.send(new TransactGetItemsCommand({ TransactItems: ['new', 'old', 'changing', 'nobody'].map(get) }));
		expect(read.Responses?.map(({ Item }) => Item)).toEqual([thing('new'), undefined, thing('changing', 'bob'), undefined]);
	});

	it('leaves nothing behind when a condition fails, and names the reason of each action', async () => {
		const { client } = await startWithTable();
		await write(client, [put('there')]);
		const failed = write(client, [
			put('first'),
			put('there', 'eve'),
			{ ConditionCheck: { TableName, Key: { id: { S: 'there' } }, ConditionExpression: absent } },
		]);
		await expect(failed).rejects.toMatchObject({ name: 'ValidationException' });

		const cancelled = write(client, [
			put('first'),
			{ Delete: { TableName, Key: { id: { S: 'there' } } } },
			{ Put: { TableName, Item: thing('second'), ConditionExpression: 'attribute_exists(id)' } },
			put('third', 'eve'),
		]);
		await expect(cancelled).rejects.toMatchObject({
			name: 'TransactionCanceledException',
			message:
				'Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ConditionalCheckFailed, None]',
			CancellationReasons: [{ Code: 'None' }, { Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
		});
		expect(await idsOf(client)).toEqual(['there']);
		expect(await ownedBy(client, 'eve')).toEqual([]);
	});

	it('returns the item that failed a condition on request', async () => {
		const { client } = await startWithTable();
		await write(client, [put('there')]);
		const check = (shown: 'ALL_OLD' | 'NONE') =>
			write(client, [
				{
					ConditionCheck: {
						TableName,
						Key: { id: { S: 'there' } },
						ConditionExpression: absent,
						ReturnValuesOnConditionCheckFailure: shown,
					},
				},
			]);
		await expect(check('ALL_OLD')).rejects.toMatchObject({ CancellationReasons: [{ Item: thing('there') }] });
		await expect(check('NONE')).rejects.toMatchObject({
			CancellationReasons: [expect.not.objectContaining({ Item: expect.anything() })],
		});

		const single = new PutItemCommand({
			TableName,
			Item: thing('there', 'bob'),
			ConditionExpression: absent,
			ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
		});
		await expect(client.send(single)).rejects.toMatchObject({
			name: 'ConditionalCheckFailedException',
			Item: thing('there'),
		});
	});

	it('refuses two actions on one item, more than a hundred actions, and none', async () => {
		const { client } = await startWithTable();
		const many = Array.from({ length: 101 }, (_, n) => put(`thing${n}`));
		for (const items of [[put('one'), put('one')], many, []]) {
			await expect(write(client, items)).rejects.toMatchObject({ name: 'ValidationException' });
		}
		expect(await idsOf(client)).toEqual([]);

		await write(client, many.slice(1));
		expect(await idsOf(client)).toHaveLength(100);
	});

	it('is undone completely when a later action is malformed', async () => {
		const { client } = await startWithTable();
		const malformed = { Put: { TableName, Item: thing('two'), ConditionExpression: 'no such (' } };
		await expect(write(client, [put('one'), malformed])).rejects.toMatchObject({ name: 'ValidationException' });
		expect(await idsOf(client)).toEqual([]);
	});

	it('lets exactly one of many writers of the same item through', async () => {
		const { client } = await startWithTable();
		const wanted = Array.from({ length: 8 }, (_, n) =>
			write(client, [{ Put: { TableName, Item: thing('prize', `o${n}`), ConditionExpression: absent } }, put(`mine${n}`)]),
		);
		const ends = await Promise.allSettled(wanted);
		expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect(await idsOf(client)).toHaveLength(2);
	});

	it('runs once per token, even across a restart, and the token is bound to its request', async () => {
		const { dir, client, stop } = await startWithTable();
		const add: TransactWriteItem = {
			Update: {
				TableName,
				Key: { id: { S: 'count' } },
				UpdateExpression: 'ADD #n :one',
				ExpressionAttributeNames: { '#n': 'n' },
				ExpressionAttributeValues: { ':one': { N: '1' } },
			},
		};
		await write(client, [add], 'token');
		await write(client, [add], 'token');
		await stop();

		const { client: again } = await start(dir);
		await write(again, [add], 'token');
		await expect(write(again, [put('other')], 'token')).rejects.toMatchObject({
			name: 'IdempotentParameterMismatchException',
		});
		const { Item } = await again.send(new GetItemCommand({ TableName, Key: { id: { S: 'count' } } }));
		expect(Item?.['n']).toEqual({ N: '1' });
	});

	it('fails with as many conflicts as were injected', async () => {
		const { local, client } = await startWithTable();
		local.injectConflicts(2);
		for (const _ of [1, 2]) {
			await expect(write(client, [put('one')])).rejects.toMatchObject({
				name: 'TransactionCanceledException',
				CancellationReasons: [{ Code: 'TransactionConflict' }],
			});
		}
		expect(await idsOf(client)).toEqual([]);

		await write(client, [put('one')]);
		expect(await idsOf(client)).toEqual(['one']);
	});
});

describe('the tables of the local DynamoDB', () => {
	it('keep their items and their time to live across a restart', async () => {
		const { dir, client, stop } = await startWithTable();
		await client.send(new PutItemCommand({ TableName, Item: thing('kept') }));
		const ttl = new DescribeTimeToLiveCommand({ TableName });
		expect((await client.send(ttl)).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
		await client.send(
			new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } }),
		);
		await stop();

		const { client: again } = await start(dir);
		expect(await idsOf(again)).toEqual(['kept']);
		expect((await again.send(ttl)).TimeToLiveDescription).toEqual({
			TimeToLiveStatus: 'ENABLED',
			AttributeName: 'expiresAt',
		});
	});

	it('can be used after a restart, however soon it came after they were created', async () => {
		const { dir, stop } = await startWithTable();
		await stop();

		const { client } = await start(dir);
		await client.send(new PutItemCommand({ TableName, Item: thing('one') }));
		expect(await idsOf(client)).toEqual(['one']);
	});

	it('accept the settings for backups, and refuse calls on a table that does not exist', async () => {
		const { client } = await startWithTable();
		const backups = (name: string) =>
			client.send(
				new UpdateContinuousBackupsCommand({
					TableName: name,
					PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
				}),
			);
		await backups(TableName);
		await expect(backups('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
		await expect(client.send(new DescribeTimeToLiveCommand({ TableName: 'nothing' }))).rejects.toMatchObject({
			name: 'ResourceNotFoundException',
		});
	});
});
