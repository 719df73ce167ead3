import { setTimeout as pause } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
	type DynamoDBDocumentClient,
	GetCommand,
	paginateQuery,
	QueryCommand,
	ScanCommand,
	TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DueVpc } from '../../domain/model/vpc.ts';
import { type Rows, StaleRead, type Store, type TableName } from '../../ports.ts';
import { allItems } from './all-items.ts';
import { batchGet } from './batch-get.ts';
import { type Item, isMarker, rowOf } from './items.ts';
import type { TableNames } from './table-names.ts';
import { transactItem } from './transact-item.ts';
import { unmetGuards } from './unmet-guards.ts';

const conflictRetries = 6;
const staleReadPauseMs = 60;

/** The cursor of a listing: the key that DynamoDB would go on from. */
const encodeKey = (key: Item): string => Buffer.from(JSON.stringify(key)).toString('base64url');
const keyByAccount = ({ id, accountId, createdAt }: Rows[TableName]): Item => ({ id, accountId, createdAt });
const decodeKey = (after: string): Item => JSON.parse(Buffer.from(after, 'base64url').toString()) as Item;

export const dynamoStore = (client: DynamoDBDocumentClient, tables: TableNames): Store => {
	const itemAt = async (table: TableName, id: string): Promise<Item | undefined> => {
		const { Item } = await client.send(new GetCommand({ TableName: tables[table], Key: { id }, ConsistentRead: true }));
		return Item;
	};

	const getMany = async <T extends TableName>(table: T, ids: readonly string[], { mayLag = false } = {}): Promise<Rows[T][]> => {
		const keys = [...new Set(ids)].map((id) => ({ id }));
		const items = await batchGet(client, { table: tables[table], keys, consistent: !mayLag });
		const found = new Map(items.map((item) => [String(item['id']), rowOf(table, item)]));
		return ids.flatMap((id) => found.get(id) ?? []);
	};

	const list: Store['list'] = async (table, { accountId, limit, after }) => {
		const common = {
			TableName: tables[table],
			Limit: limit,
			...(after === undefined ? {} : { ExclusiveStartKey: decodeKey(after) }),
		};
		const { Items = [], LastEvaluatedKey } =
			table === 'accounts'
				? await client.send(new ScanCommand(common))
				: await client.send(
						new QueryCommand({
							...common,
							IndexName: 'byAccount',
							KeyConditionExpression: 'accountId = :account',
							ExpressionAttributeValues: { ':account': accountId ?? '' },
						}),
					);
		return {
			items: Items.filter((item) => !isMarker(item)).map((item) => rowOf(table, item)),
			...(LastEvaluatedKey === undefined ? {} : { next: encodeKey(LastEvaluatedKey) }),
			behind: (row) => encodeKey(table === 'accounts' ? { id: row.id } : keyByAccount(row)),
		};
	};

	/** One shard of a sparse index, whole. */
	const shard = (index: 'byDue' | 'byDirty', value: number): Promise<Item[]> =>
		allItems(
			paginateQuery(
				{ client },
				{
					TableName: tables.vpcs,
					IndexName: index,
					KeyConditionExpression: '#shard = :shard',
					ExpressionAttributeNames: { '#shard': index === 'byDue' ? 'dueShard' : 'dirtyShard' },
					ExpressionAttributeValues: { ':shard': String(value) },
				},
			),
		);

	return {
		async get(table, id) {
			const item = await itemAt(table, id);
			return item === undefined || isMarker(item) ? undefined : rowOf(table, item);
		},
		getMany,
		holderOf: async (table, key) => (await itemAt(table, key))?.['owner'],
		countOf: async (table, key) => Number((await itemAt(table, key))?.['counted'] ?? 0),
		list,
		async transact(writes) {
			const TransactItems = writes.map((write) => transactItem(write, tables));
			for (let attempt = 0; ; attempt++) {
				try {
					await client.send(new TransactWriteCommand({ TransactItems }));
					return;
				} catch (error) {
					if (!(error instanceof TransactionCanceledException)) throw error;
					const { CancellationReasons: reasons = [] } = error;
					const met = (code: string) => reasons.some(({ Code }) => Code === code);
					if (met('ConditionalCheckFailed')) {
						// Who lost decides anew: many that do so at the same moment would go on meeting each other.
						await pause(Math.random() * staleReadPauseMs);
						throw new StaleRead(unmetGuards(writes, reasons), { cause: error });
					}
					if (!met('TransactionConflict')) throw error;
					if (attempt >= conflictRetries) throw new StaleRead(unmetGuards(writes, reasons), { cause: error });
					await pause(Math.random() * 25 * 2 ** attempt);
				}
			}
		},
		dueVpcs: async (value) => (await shard('byDue', value)) as DueVpc[],
		dirtyVpcs: async (value) => (await shard('byDirty', value)).map(({ id }) => String(id)),
	};
};
