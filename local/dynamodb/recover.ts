import type { Before, Call, Item } from './transaction-types.ts';

type Table = { GlobalSecondaryIndexes?: { IndexName: string }[]; LocalSecondaryIndexes?: { IndexName: string }[] };
type Page = { Items: Item[]; LastEvaluatedKey?: Item };

export const restore = async (call: Call, { table, key, item }: Before): Promise<void> => {
	if (item === undefined) await call('DeleteItem', { TableName: table, Key: key });
	else await call('PutItem', { TableName: table, Item: item });
};

/** Puts back what stood there, whatever of the item's writing a kill left behind. */
export const recover = async (call: Call, before: Before): Promise<void> => {
	const { Table } = (await call('DescribeTable', { TableName: before.table })) as { Table: Table };
	for (const { IndexName } of [...(Table.GlobalSecondaryIndexes ?? []), ...(Table.LocalSecondaryIndexes ?? [])]) {
		for (const stray of await rowsOf(call, IndexName, before)) {
			// dynalite writes an item's index rows before the item, and removes those that belong to the item it finds.
			await call('PutItem', { TableName: before.table, Item: stray });
			await call('DeleteItem', { TableName: before.table, Key: before.key });
		}
	}
	await restore(call, before);
};

const rowsOf = async (call: Call, IndexName: string, { table, key }: Before): Promise<Item[]> => {
	const attributes = Object.entries(key);
	const rows: Item[] = [];
	let start: Item | undefined;
	do {
		const page = (await call('Scan', {
			TableName: table,
			IndexName,
			FilterExpression: attributes.map((_, n) => `#k${n} = :k${n}`).join(' AND '),
			ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], n) => [`#k${n}`, name])),
			ExpressionAttributeValues: Object.fromEntries(attributes.map(([, value], n) => [`:k${n}`, value])),
			...(start === undefined ? {} : { ExclusiveStartKey: start }),
		})) as Page;
		rows.push(...page.Items);
		start = page.LastEvaluatedKey;
	} while (start !== undefined);
	return rows;
};
