import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyring } from '../../local/iam/keyring.ts';
import { invokeAsync } from '../../local/lambda/async-invocation.ts';
import { accountConcurrency, TooManyRequests } from '../../local/lambda/concurrency.ts';
import { FunctionError, type LocalFunction, localFunction } from '../../local/lambda/local-function.ts';

describe('a local Lambda function', () => {
	let dir: string;
	const made: LocalFunction[] = [];
	beforeEach(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-lambda-'));
	});
	afterEach(async () => {
		for (const one of made.splice(0)) await one.stop();
		await rm(dir, { recursive: true, force: true });
	});
	const functionOf = async (code: string, { most = 10, timeoutSeconds = 10 } = {}): Promise<LocalFunction> => {
		await writeFile(join(dir, 'index.mjs'), code);
		const one = localFunction({
			name: 'f',
			arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
			assetDir: dir,
			environment: {},
			timeoutSeconds,
			memoryMb: 512,
			logGroup: 'stack-f-logs',
			logFile: join(dir, 'f.log'),
			begin: () => keyring().begin({ principal: { role: 'arn:aws:iam::000000000000:role/fn' }, policies: [] }, 'fn'),
			mayLog: () => true,
			concurrency: accountConcurrency(most),
		});
		made.push(one);
		return one;
	};

	it('answers an event, or fails with the error of its handler', async () => {
		const f = await functionOf(
			`export const handler = async ({ n }) => { if (n > 1) throw new Error('too much'); return n + 1; };`,
		);

		expect(await f.invoke({ n: 1 })).toBe(2);
		await expect(f.invoke({ n: 2 })).rejects.toThrow(FunctionError);
		expect(await f.invoke({ n: 0 })).toBe(1);
	});

	it('tells its handler what Lambda tells it, and nothing else', async () => {
		const f = await functionOf(
			`export const handler = async (_event, { getRemainingTimeInMillis, ...said }) => ({ ...said, left: getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`,
		);
		const told = () => f.invoke({}) as Promise<Record<string, unknown>>;

		const [first, second] = [await told(), await told()];

		expect(first).toEqual({
			callbackWaitsForEmptyEventLoop: true,
			functionName: 'f',
			functionVersion: '$LATEST',
			memoryLimitInMB: '512',
			logGroupName: 'stack-f-logs',
			logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/f\[\$LATEST\][0-9a-f]{32}$/),
			invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
			awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
			left: expect.any(Number),
			trace: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/),
		});
		expect(second['logStreamName']).toBe(first['logStreamName']);
		expect(second['awsRequestId']).not.toBe(first['awsRequestId']);
		expect(second['trace']).not.toBe(first['trace']);
	});

	it('tells its handler how long it has until it is killed', async () => {
		const f = await functionOf(
			`export const handler = async ({ ms }, context) => { await new Promise((resolve) => setTimeout(resolve, ms)); return context.getRemainingTimeInMillis(); };`,
			{ timeoutSeconds: 5 },
		);
		// The time of the first includes the start of its thread.
		await f.invoke({ ms: 0 });

		const atOnce = (await f.invoke({ ms: 0 })) as number;
		const later = (await f.invoke({ ms: 500 })) as number;

		expect(atOnce).toBeLessThanOrEqual(5_000);
		expect(atOnce).toBeGreaterThan(4_000);
		expect(later).toBeLessThanOrEqual(4_500);
		expect(later).toBeGreaterThan(3_000);
	});

	it('is frozen between two events: what it left running continues with the next', async () => {
		const f = await functionOf(`
			let turns = 0;
			setInterval(() => turns++, 1);
			export const handler = async ({ ms = 0 }) => {
				const before = turns;
				await new Promise((resolve) => setTimeout(resolve, ms));
				return { before, after: turns };
			};`);
		const { after } = (await f.invoke({ ms: 50 })) as { after: number };
		expect(after).toBeGreaterThan(5);

		await pause(300);

		const { before } = (await f.invoke({})) as { before: number };
		expect(before).toBeLessThan(after + 5);
	});

	it('never finishes what a rejected Promise.all left running if no event follows', async () => {
		const file = join(dir, 'written');
		const f = await functionOf(`
			import { writeFile } from 'node:fs/promises';
			const late = async () => { await new Promise((resolve) => setTimeout(resolve, 20)); await writeFile(${JSON.stringify(file)}, ''); };
			export const handler = () => Promise.all([Promise.reject(new Error('early')), late()]);`);

		await expect(f.invoke({})).rejects.toThrow('early');
		await pause(300);

		await expect(readFile(file)).rejects.toThrow('ENOENT');
	});

	it('flushes its log before it is frozen', async () => {
		const f = await functionOf(`export const handler = async () => { for (let n = 0; n < 500; n++) console.log('line ' + n); };`);
		await f.invoke({});
		await vi.waitFor(async () => expect(await readFile(join(dir, 'f.log'), 'utf8')).toMatch(/line 0\n.*line 499\n/s));
	});

	it('can be stopped while it is frozen', async () => {
		const f = await functionOf(`export const handler = async () => 1;`);
		await f.invoke({});

		await expect(f.stop()).resolves.toBeUndefined();
	});

	it('is killed at its timeout, and its next event gets a new thread', async () => {
		const f = await functionOf(
			`let events = 0; export const handler = async ({ ms = 0 }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return ++events; };`,
			{ timeoutSeconds: 2 },
		);
		expect(await f.invoke({})).toBe(1);
		await expect(f.invoke({ ms: 60_000 })).rejects.toThrow('Task timed out');

		expect(await f.invoke({})).toBe(1);
	});

	it('is throttled when the account has reached its concurrency', async () => {
		const f = await functionOf(`export const handler = ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms));`, {
			most: 2,
		});
		const running = [f.invoke({ ms: 100 }), f.invoke({ ms: 100 })];

		await expect(f.invoke({ ms: 0 })).rejects.toThrow(TooManyRequests);

		await Promise.all(running);
		await expect(f.invoke({ ms: 0 })).resolves.toBeUndefined();
	});
});

describe('a local asynchronous invocation', () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});
	const hour = 3_600_000;
	/** When a function that fails so was invoked, in seconds from the first time. */
	const timesOf = async (config: Parameters<typeof invokeAsync>[1], error: Error, failing = Number.POSITIVE_INFINITY) => {
		const times: number[] = [];
		const began = Date.now();
		const invoke = async () => {
			times.push((Date.now() - began) / 1_000);
			if (times.length <= failing) throw error;
			return undefined;
		};
		await invokeAsync({ invoke }, config, () => {}).invoke({});
		await vi.advanceTimersByTimeAsync(7 * hour);
		return times;
	};

	it('is retried twice by default, after one and after two minutes', async () => {
		expect(await timesOf({}, new Error('no'))).toEqual([0, 60, 180]);
		expect(await timesOf({}, new Error('no'), 1)).toEqual([0, 60]);
	});

	it('is retried as often as its configuration says', async () => {
		expect(await timesOf({ MaximumRetryAttempts: 0 }, new Error('no'))).toEqual([0]);
		expect(await timesOf({ MaximumRetryAttempts: 1 }, new Error('no'))).toEqual([0, 60]);
	});

	it('is not retried once the event is too old', async () => {
		expect(await timesOf({ MaximumEventAgeInSeconds: 90 }, new Error('no'))).toEqual([0, 60]);
	});

	it('that is throttled is retried until the event is too old, whatever its number of retries', async () => {
		const config = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };

		expect(await timesOf(config, new TooManyRequests())).toEqual([0, 1, 3, 7, 15, 31]);
	});
});
