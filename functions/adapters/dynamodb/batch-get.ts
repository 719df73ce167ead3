import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBDocumentClient, paginatedBatchGet } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../../chunks.ts';
import type { Item } from './items.ts';

/** BatchGetItem takes 100 keys per call. */
const mostKeys = 100;
/** A throttled table leaves keys unprocessed, and DynamoDB asks for backoff: at most 6 s of it in all. */
const mostTries = 8;
const firstPauseMs = 50;

type Batch = { table: string; keys: readonly Item[]; consistent: boolean };

/** The items that exist, in no particular order. */
export const batchGet = async (client: DynamoDBDocumentClient, { table, keys, consistent }: Batch): Promise<Item[]> => {
	const found: Item[] = [];
	for (const Keys of chunks(keys, mostKeys)) {
		let tries = 0;
		for await (const { Responses, UnprocessedKeys } of paginatedBatchGet(
			{ client },
			{ RequestItems: { [table]: { Keys, ConsistentRead: consistent } } },
		)) {
			found.push(...(Responses?.[table] ?? []));
			const unread = UnprocessedKeys?.[table]?.Keys?.length ?? 0;
			if (unread === 0) continue;
			if (++tries === mostTries) throw new Error(`DynamoDB left ${unread} keys of ${table} unread, ${mostTries} times`);
			await pause(Math.random() * firstPauseMs * 2 ** tries);
		}
	}
	return found;
};
