import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventSource } from '../../local/lambda/event-source.ts';
import { failedItems } from '../../local/lambda/failed-items.ts';
import { type LocalSqs, startSqs } from '../../local/sqs/start-sqs.ts';

const failures = (...ids: (string | null)[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the answer of a function that reports its failures', () => {
	it.each<[string, unknown, string[]]>([
		['nothing', undefined, []],
		['null', null, []],
		['an empty object', {}, []],
		['a null list', { batchItemFailures: null }, []],
		['an empty list', failures(), []],
		['one of the messages', failures('b'), ['b']],
		['an empty identifier', failures(''), ['a', 'b', 'c']],
		['a null identifier', failures(null), ['a', 'b', 'c']],
		['a bad key', { batchItemFailures: [{ id: 'b' }] }, ['a', 'b', 'c']],
		['a message of another batch', failures('b', 'z'), ['a', 'b', 'c']],
		['no object', 'done', ['a', 'b', 'c']],
	])('of %s', (_what, answer, failed) => {
		expect([...failedItems(answer, ['a', 'b', 'c'])].sort()).toEqual(failed);
	});
});

describe('an event source mapping', () => {
	let dir: string;
	let sqs: LocalSqs;
	let client: SQSClient;
	beforeAll(async () => {
		dir = await mkdtemp(join(tmpdir(), 'event-source-'));
		sqs = await startSqs({ dir });
		client = new SQSClient({
			region: 'us-east-1',
			endpoint: sqs.url,
			credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
		});
	});
	afterAll(async () => {
		client.destroy();
		await sqs.stop();
		await rm(dir, { recursive: true });
	});

	type Event = { Records: { messageId: string; body: string }[] };
	/** Three messages lie in a queue of its own; what became of them once all have been worked on. */
	const run = async (queue: string, over: { batchSize: number; reportsFailures: boolean }, answer: (event: Event) => unknown) => {
		const queueUrl = await sqs.createQueue(queue, { VisibilityTimeout: '600' });
		for (const MessageBody of ['1', '2', '3']) await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
		const batches: string[][] = [];
		const postponed: string[] = [];
		const invoke = async (event: unknown) => {
			batches.push((event as Event).Records.map(({ body }) => body));
			return answer(event as Event);
		};
		const source = eventSource({
			client,
			postpone: async (receiptHandle) => void postponed.push(receiptHandle),
			queueUrl,
			queueArn: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
			target: { name: 'f', invoke },
			concurrency: 1,
			...over,
		});
		source.start();
		await vi.waitFor(() => expect(batches.flat().sort()).toEqual(['1', '2', '3']), 10_000);
		await vi.waitFor(() => expect(source.isBusy()).toBe(false));
		await source.stop();
		return { batches, postponed: postponed.length };
	};
	const second = ({ Records }: Event) =>
		failures(...Records.filter(({ body }) => body === '2').map(({ messageId }) => messageId));

	it('gives an invocation as many messages as the mapping says, and takes back only those that failed', async () => {
		expect(await run('one', { batchSize: 1, reportsFailures: true }, second)).toMatchObject({
			batches: [['1'], ['2'], ['3']],
			postponed: 1,
		});
		expect(await run('ten', { batchSize: 10, reportsFailures: true }, second)).toMatchObject({ postponed: 1 });
	});

	it('does not look at the answer of a function that is not said to report failures: its messages are gone', async () => {
		expect(await run('silent', { batchSize: 10, reportsFailures: false }, second)).toMatchObject({ postponed: 0 });
	});

	it('takes back the whole batch if the function fails', async () => {
		const throwing = () => {
			throw new Error('it failed');
		};

		expect(await run('failing', { batchSize: 10, reportsFailures: true }, throwing)).toMatchObject({ postponed: 3 });
		expect(await run('failing-too', { batchSize: 10, reportsFailures: false }, throwing)).toMatchObject({ postponed: 3 });
	});
});
