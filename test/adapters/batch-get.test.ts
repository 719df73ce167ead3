import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchGet } from '../../functions/adapters/dynamodb/batch-get.ts';

// The fake clock drives the global timers only.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) }));

const table = 'things';
const keys = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `thing${n}` }));

/** DynamoDB, which reads only so many keys of each call. */
const dynamodbThatReads = (most: (call: number) => number) => {
	const calls: { at: number; asked: number; consistent: boolean | undefined }[] = [];
	const send = async (command: unknown) => {
		if (!(command instanceof BatchGetCommand)) throw new Error('no such call');
		const { Keys = [], ConsistentRead } = command.input.RequestItems?.[table] ?? {};
		calls.push({ at: Date.now(), asked: Keys.length, consistent: ConsistentRead });
		const [read, left] = [Keys.slice(0, most(calls.length)), Keys.slice(most(calls.length))];
		return {
			Responses: { [table]: read },
			UnprocessedKeys: left.length === 0 ? {} : { [table]: { Keys: left, ConsistentRead } },
		};
	};
	const get = async (count: number) => {
		const items = batchGet({ send } as unknown as DynamoDBDocumentClient, { table, keys: keys(count), consistent: true });
		const settled = Promise.allSettled([items]);
		await vi.runAllTimersAsync();
		await settled;
		return items;
	};
	return { calls, get };
};

beforeEach(() => {
	vi.useFakeTimers();
	vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

describe('reading many items by key', () => {
	it('reads a hundred items per call, without a pause if all of them come', async () => {
		const { calls, get } = dynamodbThatReads(() => 100);

		expect(await get(250)).toEqual(keys(250));
		expect(calls.map(({ asked }) => asked)).toEqual([100, 100, 50]);
		expect(new Set(calls.map(({ at }) => at)).size).toBe(1);
	});

	it('asks again for the keys that DynamoDB left unprocessed, as consistently as before and with longer and longer pauses', async () => {
		const { calls, get } = dynamodbThatReads(() => 30);

		expect(await get(100)).toEqual(keys(100));
		expect(calls.map(({ asked }) => asked)).toEqual([100, 70, 40, 10]);
		expect(calls.every(({ consistent }) => consistent)).toBe(true);
		const pauses = calls.slice(1).map(({ at }, n) => at - (calls[n]?.at ?? 0));
		expect(pauses).toEqual([50, 100, 200]);
	});

	it('gives up after eight incomplete answers, and says how many keys of which table are unread', async () => {
		const { calls, get } = dynamodbThatReads((call) => (call === 1 ? 60 : 0));

		await expect(get(100)).rejects.toThrow('DynamoDB left 40 keys of things unread, 8 times');
		expect(calls).toHaveLength(8);
	});
});
