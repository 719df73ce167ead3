import { createHash } from 'node:crypto';
import { itemSize } from './item-size.ts';
import { openJournal } from './journal.ts';
import { recover, restore } from './recover.ts';
import {
	type Action,
	type ActionKind,
	type Before,
	type Call,
	DynamoDbError,
	type Item,
	type Reason,
	type TransactItem,
} from './transaction-types.ts';

/** AWS: at most 100 actions a transaction. */
const mostActions = 100;
/** AWS: 4 MB a transaction. */
const mostBytes = 4 * 1024 * 1024;

/** TransactWriteItems on a store that has only single writes; the caller keeps everybody else out. */
export const transactions = async (call: Call, dir: string | undefined) => {
	const journal = await openJournal(dir);
	/** Undoes a transaction that a kill, or a store that failed, cut off. */
	const settle = async (): Promise<void> => {
		const cutOff = journal.unfinished();
		if (cutOff.length === 0) return;
		for (const one of cutOff) await recover(call, one);
		await journal.end();
	};
	await settle();

	const keys = new Map<string, string[]>();
	/** The names of a table's key, which are the same for as long as there is the table. */
	const keyOf = async (TableName: string): Promise<string[]> => {
		const known = keys.get(TableName);
		if (known !== undefined) return known;
		const { Table } = (await call('DescribeTable', { TableName })) as { Table: { KeySchema: { AttributeName: string }[] } };
		const names = Table.KeySchema.map(({ AttributeName }) => AttributeName);
		keys.set(TableName, names);
		return names;
	};

	/** What stands now at the key that an action names. */
	const before = async ({ TableName, Key, Item }: Action): Promise<Before> => {
		const key: Item = {};
		for (const name of await keyOf(TableName)) key[name] = (Key ?? Item)?.[name];
		const found = (await call('GetItem', { TableName, Key: Key ?? key, ConsistentRead: true })) as { Item?: Item };
		return { table: TableName, key, item: found.Item };
	};

	const undo = async (befores: readonly Before[]): Promise<void> => {
		for (const one of befores) await restore(call, one);
		await journal.end();
	};

	return {
		before,
		/** For a table that goes: another one of its name may have another key. */
		forget: (TableName: string) => void keys.delete(TableName),
		async write(items: readonly TransactItem[], token?: string): Promise<void> {
			await settle();
			const actions = actionsOf(items);
			const request = createHash('sha256').update(JSON.stringify(items)).digest('hex');
			const known = token === undefined ? undefined : journal.requestOf(token);
			if (known === request) return;
			if (known !== undefined) {
				throw new DynamoDbError(
					'IdempotentParameterMismatchException',
					'The parameters differ from those of the first request with this token',
				);
			}
			const steps = await Promise.all(actions.map(async (one) => ({ ...one, was: await before(one.action) })));
			const befores = steps.map(({ was }) => was);
			const places = befores.map(({ table, key }) => JSON.stringify([table, key]));
			if (new Set(places).size !== places.length) {
				throw new DynamoDbError('ValidationException', 'Transaction request cannot include multiple operations on one item');
			}
			const bytes = steps.reduce((size, { action, was }) => size + itemSize(action.Item ?? was.item), 0);
			if (bytes > mostBytes) throw new DynamoDbError('ValidationException', 'The items of the transaction exceed 4 MB');
			await journal.begin(befores);
			const reasons: Reason[] = [];
			try {
				for (const step of steps) reasons.push(await perform(call, step));
			} catch (error) {
				await undo(befores);
				throw error;
			}
			if (reasons.every(({ Code }) => Code === 'None')) return journal.end(token === undefined ? undefined : { token, request });
			// What failed its condition has written nothing, and what was a condition alone nothing else than it found.
			await undo(befores.filter((_, n) => reasons[n]?.Code === 'None' && steps[n]?.kind !== 'ConditionCheck'));
			throw cancelled(reasons);
		},
	};
};

const actionsOf = (items: readonly TransactItem[] | undefined): { kind: ActionKind; action: Action }[] => {
	if (items === undefined || items.length === 0 || items.length > mostActions) {
		throw new DynamoDbError('ValidationException', `transactItems must have 1 to ${mostActions} members`);
	}
	return items.map((item) => {
		const [[kind, action] = [], another] = Object.entries(item) as [ActionKind, Action][];
		if (kind === undefined || action === undefined || another !== undefined) {
			throw new DynamoDbError('ValidationException', 'TransactItems can only contain one of Check, Put, Update or Delete');
		}
		return { kind, action };
	});
};

type Step = { kind: ActionKind; action: Action; was: Before };

/** dynalite judges the condition, as part of the write itself. */
const perform = async (call: Call, { kind, action, was }: Step): Promise<Reason> => {
	const { ReturnValuesOnConditionCheckFailure: shown, ...write } = action;
	try {
		if (kind === 'Put') await call('PutItem', write);
		else if (kind === 'Delete') await call('DeleteItem', write);
		else if (kind === 'Update') await call('UpdateItem', write);
		// A condition alone goes with a write that changes nothing.
		else if (was.item === undefined) await call('DeleteItem', write);
		else {
			const { Key: _key, ...condition } = write;
			await call('PutItem', { ...condition, Item: was.item });
		}
		return { Code: 'None' };
	} catch (error) {
		if (!(error instanceof DynamoDbError) || error.type !== 'ConditionalCheckFailedException') throw error;
		const item = shown === 'ALL_OLD' && was.item !== undefined ? { Item: was.item } : {};
		return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...item };
	}
};

export const cancelled = (reasons: readonly Reason[]): DynamoDbError =>
	new DynamoDbError(
		'TransactionCanceledException',
		`Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
		{ CancellationReasons: reasons },
	);
