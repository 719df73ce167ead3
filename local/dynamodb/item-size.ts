import type { Item } from './transaction-types.ts';

/** About the bytes that DynamoDB counts of an item: its names and values, and what lists and maps cost besides. */
export const itemSize = (item: Item | undefined): number =>
	Object.entries(item ?? {}).reduce((size, [name, value]) => size + Buffer.byteLength(name) + valueSize(value as Typed), 0);

type Typed = Record<string, unknown>;

const valueSize = (typed: Typed): number => {
	const [[type, value] = ['NULL', true]] = Object.entries(typed);
	if (type === 'M') return 3 + itemSize(value as Item);
	if (type === 'L') return 3 + (value as Typed[]).reduce((size, one) => size + 1 + valueSize(one), 0);
	if (Array.isArray(value)) return value.reduce((size: number, one) => size + Buffer.byteLength(String(one)), 0);
	return typeof value === 'string' ? Buffer.byteLength(value) : 1;
};
