import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import {
	type Action,
	type ActionKind,
	type Before,
	DynamoDbError,
	type Item,
	type Reason,
	type TransactItem,
} from './transaction-types.ts';

/** One call to dynalite; throws DynamoDbError for what it refuses. */
export type Call = (operation: string, input: object) => Promise<Record<string, unknown>>;

/** AWS: at most 100 actions a transaction. */
const mostActions = 100;

const conditionOf = ({ ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues }: Action): object =>
	ConditionExpression === undefined
		? {}
		: {
				ConditionExpression,
				...(ExpressionAttributeNames === undefined ? {} : { ExpressionAttributeNames }),
				...(ExpressionAttributeValues === undefined ? {} : { ExpressionAttributeValues }),
			};

/** TransactWriteItems on a store that has only single writes; the caller keeps everybody else out. */
export const transactions = (call: Call, dir: string) => {
	const journal = join(dir, 'transaction.json');
	const keyNames = new Map<string, string[]>();

	const keysOf = async (table: string): Promise<string[]> => {
		const known = keyNames.get(table);
		if (known !== undefined) return known;
		const { Table } = (await call('DescribeTable', { TableName: table })) as {
			Table: { KeySchema: { AttributeName: string }[] };
		};
		const names = Table.KeySchema.map(({ AttributeName }) => AttributeName);
		keyNames.set(table, names);
		return names;
	};

	const restore = async ({ table, key, item }: Before): Promise<void> => {
		if (item === undefined) await call('DeleteItem', { TableName: table, Key: key });
		else await call('PutItem', { TableName: table, Item: item });
	};

	const perform = async (kind: ActionKind, action: Action, { key, item }: Before): Promise<void> => {
		const { TableName } = action;
		const condition = conditionOf(action);
		if (kind === 'Put') await call('PutItem', { TableName, Item: action.Item, ...condition });
		else if (kind === 'Delete') await call('DeleteItem', { TableName, Key: key, ...condition });
		else if (kind === 'Update') {
			const { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = action;
			await call('UpdateItem', {
				TableName,
				Key: key,
				UpdateExpression,
				...condition,
				...(ExpressionAttributeNames === undefined ? {} : { ExpressionAttributeNames }),
				...(ExpressionAttributeValues === undefined ? {} : { ExpressionAttributeValues }),
			});
		}
		// A condition alone, evaluated by a write that changes nothing.
		else if (item === undefined) await call('DeleteItem', { TableName, Key: key, ...condition });
		else await call('PutItem', { TableName, Item: item, ...condition });
	};

	const before = async (action: Action): Promise<Before> => {
		const names = await keysOf(action.TableName);
		const key: Item = {};
		for (const name of names) key[name] = (action.Key ?? action.Item)?.[name];
		const { Item: item } = (await call('GetItem', { TableName: action.TableName, Key: key, ConsistentRead: true })) as {
			Item?: Item;
		};
		return { table: action.TableName, key, item };
	};

	return {
		/** Undoes a transaction that a crash cut off. */
		async recover(): Promise<void> {
			const befores = await readJson<Before[] | undefined>(journal, undefined);
			if (befores === undefined) return;
			for (const one of befores) await restore(one);
			await rm(journal);
		},
		async write(items: readonly TransactItem[]): Promise<void> {
			if (items.length === 0 || items.length > mostActions) {
				throw new DynamoDbError('ValidationException', `TransactItems must have 1 to ${mostActions} members`);
			}
			const actions = items.map((item) => {
				const [[kind, action] = []] = Object.entries(item) as [ActionKind, Action][];
				if (kind === undefined || action === undefined) throw new DynamoDbError('ValidationException', 'an action is missing');
				return { kind, action };
			});
			const befores = await Promise.all(actions.map(({ action }) => before(action)));
			const keys = befores.map(({ table, key }) => JSON.stringify([table, key]));
			if (new Set(keys).size !== keys.length) {
				throw new DynamoDbError('ValidationException', 'Transaction request cannot include multiple operations on one item');
			}
			await writeDurably(journal, JSON.stringify(befores));
			const reasons: Reason[] = actions.map(() => ({ Code: 'None' }));
			let failed = false;
			let done = 0;
			for (const [index, { kind, action }] of actions.entries()) {
				const was = befores[index];
				if (was === undefined) continue;
				try {
					await perform(kind, action, was);
				} catch (error) {
					if (!(error instanceof DynamoDbError) || error.type !== 'ConditionalCheckFailedException') {
						await undo(befores.slice(0, done));
						throw error;
					}
					failed = true;
					const shown =
						action.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && was.item !== undefined ? { Item: was.item } : {};
					reasons[index] = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...shown };
				}
				done = index + 1;
			}
			if (!failed) return rm(journal);
			await undo(befores);
			throw cancelled(reasons);
		},
	};

	async function undo(befores: readonly Before[]): Promise<void> {
		for (const one of befores) await restore(one);
		await rm(journal);
	}
};

export const cancelled = (reasons: readonly Reason[]): DynamoDbError =>
	new DynamoDbError(
		'TransactionCanceledException',
		`Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
		{ CancellationReasons: reasons },
	);
