import { setTimeout as pause } from 'node:timers/promises';
import {
	BatchGetItemCommand,
	type DynamoDBClient,
	GetItemCommand,
	QueryCommand,
	ScanCommand,
	TransactionCanceledException,
	type TransactWriteItem,
	TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { DueVpc } from '../../domain/model/vpc.ts';
import { type Page, type Rows, StaleRead, type Store, type TableName, type Write } from '../../ports.ts';
import { eventItem } from './event-item.ts';
import { type Item, isMarker, itemOf, rowOf } from './items.ts';
import type { TableNames } from './table-names.ts';

/** BatchGetItem takes 100 keys. */
const batch = 100;
const conflictRetries = 6;
const staleReadPauseMs = 60;

/** The cursor of a listing: the key that DynamoDB would go on from. */
const encodeKey = (key: Item): string => Buffer.from(JSON.stringify(key)).toString('base64url');
const decodeKey = (after: string): Item => JSON.parse(Buffer.from(after, 'base64url').toString()) as Item;

export const dynamoStore = (client: DynamoDBClient, tables: TableNames): Store => {
	const getMany = async <T extends TableName>(table: T, ids: readonly string[], { mayLag = false } = {}): Promise<Rows[T][]> => {
		const found = new Map<string, Rows[T]>();
		let keys: Item[] = [...new Set(ids)].map((id) => ({ id: { S: id } }));
		while (keys.length > 0) {
			const TableName = tables[table];
			const { Responses, UnprocessedKeys } = await client.send(
				new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys.slice(0, batch), ConsistentRead: !mayLag } } }),
			);
			for (const item of Responses?.[TableName] ?? []) {
				const row = rowOf(table, item);
				found.set(row.id, row);
			}
			keys = [...((UnprocessedKeys?.[TableName]?.Keys as Item[] | undefined) ?? []), ...keys.slice(batch)];
		}
		return ids.flatMap((id) => found.get(id) ?? []);
	};

	const list: Store['list'] = async (table, { accountId, limit, after }) => {
		const common = {
			TableName: tables[table],
			Limit: limit,
			...(after === undefined ? {} : { ExclusiveStartKey: decodeKey(after) }),
		};
		const command =
			table === 'accounts'
				? new ScanCommand(common)
				: new QueryCommand({
						...common,
						IndexName: 'byAccount',
						KeyConditionExpression: 'accountId = :account',
						ExpressionAttributeValues: { ':account': { S: accountId ?? '' } },
					});
		const { Items = [], LastEvaluatedKey } = await client.send(command as QueryCommand);
		const page: Page<Rows[typeof table]> = { items: Items.filter((item) => !isMarker(item)).map((item) => rowOf(table, item)) };
		if (LastEvaluatedKey !== undefined) page.next = encodeKey(LastEvaluatedKey);
		return page;
	};

	/** One shard of a sparse index, whole. */
	const shard = async (index: 'byDue' | 'byDirty', value: number): Promise<Item[]> => {
		const items: Item[] = [];
		let ExclusiveStartKey: Item | undefined;
		do {
			const answer = await client.send(
				new QueryCommand({
					TableName: tables.vpcs,
					IndexName: index,
					KeyConditionExpression: '#shard = :shard',
					ExpressionAttributeNames: { '#shard': index === 'byDue' ? 'dueShard' : 'dirtyShard' },
					ExpressionAttributeValues: { ':shard': { S: String(value) } },
					...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
				}),
			);
			items.push(...(answer.Items ?? []));
			ExclusiveStartKey = answer.LastEvaluatedKey;
		} while (ExclusiveStartKey !== undefined);
		return items;
	};

	return {
		async get(table, id) {
			const { Item } = await client.send(
				new GetItemCommand({ TableName: tables[table], Key: { id: { S: id } }, ConsistentRead: true }),
			);
			return Item === undefined || isMarker(Item) ? undefined : rowOf(table, Item);
		},
		getMany,
		async holderOf(table, key) {
			const { Item } = await client.send(
				new GetItemCommand({ TableName: tables[table], Key: { id: { S: key } }, ConsistentRead: true }),
			);
			return Item?.['owner']?.S;
		},
		list,
		async transact(writes) {
			const TransactItems = writes.map((write) => transactItem(write, tables));
			for (let attempt = 0; ; attempt++) {
				try {
					await client.send(new TransactWriteItemsCommand({ TransactItems }));
					return;
				} catch (error) {
					if (!(error instanceof TransactionCanceledException)) throw error;
					const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
					if (codes.includes('ConditionalCheckFailed')) {
						// Who lost decides anew: many that do so at the same moment would go on meeting each other.
						await pause(Math.random() * staleReadPauseMs);
						throw new StaleRead(codes.join());
					}
					if (!codes.includes('TransactionConflict')) throw error;
					if (attempt >= conflictRetries) throw new StaleRead('TransactionConflict');
					await pause(Math.random() * 25 * 2 ** attempt);
				}
			}
		},
		async dueVpcs(value) {
			return (await shard('byDue', value)).map((row) => unmarshall(row) as DueVpc);
		},
		async dirtyVpcs(value) {
			return (await shard('byDirty', value)).map(({ id }) => id?.S ?? '');
		},
	};
};

const guard = (current: { rev: number } | undefined) =>
	current === undefined
		? { ConditionExpression: 'attribute_not_exists(id)' }
		: { ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': { N: String(current.rev) } } };

const transactItem = (write: Write, tables: TableNames): TransactWriteItem => {
	if ('put' in write) {
		const Item = itemOf(write.put, write.next, (write.current?.rev ?? 0) + 1);
		return { Put: { TableName: tables[write.put], Item, ...guard(write.current) } };
	}
	if ('remove' in write)
		return { Delete: { TableName: tables[write.remove], Key: { id: { S: write.current.id } }, ...guard(write.current) } };
	if ('unchanged' in write)
		return { ConditionCheck: { TableName: tables[write.unchanged], Key: { id: { S: write.id } }, ...guard(write.current) } };
	if ('claim' in write) {
		const Item = marshall({ id: write.key, owner: write.owner });
		return { Put: { TableName: tables[write.claim], Item, ...guard(undefined) } };
	}
	if ('release' in write) return { Delete: { TableName: tables[write.release], Key: { id: { S: write.key } } } };
	if ('record' in write) return { Put: { TableName: tables.events, Item: eventItem(write.record) } };
	const { connectionId, hour, accountId, bytesIn, bytesOut, expiresAt } = write.add;
	return {
		Update: {
			TableName: tables.usage,
			Key: { connectionId: { S: connectionId }, hour: { S: hour } },
			UpdateExpression: 'ADD bytesIn :in, bytesOut :out SET accountId = :account, expiresAt = :expires',
			ExpressionAttributeValues: {
				':in': { N: String(bytesIn) },
				':out': { N: String(bytesOut) },
				':account': { S: accountId },
				':expires': { N: String(expiresAt) },
			},
		},
	};
};
