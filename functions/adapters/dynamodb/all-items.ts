import type { QueryCommandOutput, ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';

/** The items of all pages of a query or a scan. */
export const allItems = async (pages: AsyncIterable<QueryCommandOutput | ScanCommandOutput>): Promise<Item[]> => {
	const items: Item[] = [];
	for await (const { Items = [] } of pages) items.push(...Items);
	return items;
};
