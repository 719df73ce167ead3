import {
	DeleteMessageCommand,
	GetQueueAttributesCommand,
	type Message,
	ReceiveMessageCommand,
	type SQSClient,
} from '@aws-sdk/client-sqs';
import { TooManyRequests } from './concurrency.ts';
import { failedItems } from './failed-items.ts';
import type { LocalFunction } from './local-function.ts';
import { tellFailure } from './tell-failure.ts';

type Source = {
	/** As the function's role. */
	client: SQSClient;
	/** Shows a message again in so many seconds. It is the platform's own doing, and none of the role's. */
	postpone(receiptHandle: string, seconds: number): Promise<void>;
	queueUrl: string;
	queueArn: string;
	target: Pick<LocalFunction, 'name' | 'invoke'>;
	concurrency: number;
	/** How many messages an invocation gets at most. */
	batchSize: number;
	/** Whether the function answers with the messages that failed. If not, its answer is not looked at. */
	reportsFailures: boolean;
};

/** Lambda tries a failed message again when its visibility ends; here soon, so that nobody waits for minutes. */
const retrySeconds = 5;

/** SQS gives at most ten messages per call. Without a batching window, Lambda gathers no more of them. */
const mostReceived = 10;

/** An event source mapping: takes messages, invokes the function with them, and deletes those that succeeded. */
export const eventSource = (source: Source) => {
	const { client, postpone, queueUrl, queueArn, target, concurrency, batchSize, reportsFailures } = source;
	const stop = new AbortController();
	let active = 0;

	const recordOf = (message: Message) => ({
		messageId: message.MessageId ?? '',
		receiptHandle: message.ReceiptHandle ?? '',
		body: message.Body,
		attributes: message.Attributes ?? {},
		messageAttributes: {},
		eventSource: 'aws:sqs',
		eventSourceARN: queueArn,
	});

	const handle = async (messages: readonly Message[]): Promise<void> => {
		const records = messages.map(recordOf);
		const ids = records.map(({ messageId }) => messageId);
		const failed = await target.invoke({ Records: records }).then(
			(answer) => (reportsFailures ? failedItems(answer, ids) : new Set<string>()),
			(error: unknown) => {
				tellFailure(target.name, error);
				return error instanceof TooManyRequests ? 'throttled' : new Set(ids);
			},
		);
		// Messages of a throttled call come back when their visibility ends, and count as received.
		if (stop.signal.aborted || failed === 'throttled') return;
		await Promise.all(
			records.map(({ messageId, receiptHandle }) =>
				failed.has(messageId)
					? postpone(receiptHandle, retrySeconds)
					: client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle })),
			),
		);
	};

	const poll = async (): Promise<void> => {
		// Lambda looks at a queue before it makes a mapping of it: a role that may not gets none.
		await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['VisibilityTimeout'] }));
		while (!stop.signal.aborted) {
			if (active >= concurrency) {
				await new Promise((resolve) => setTimeout(resolve, 50));
				continue;
			}
			const { Messages = [] } = await client.send(
				new ReceiveMessageCommand({
					QueueUrl: queueUrl,
					MaxNumberOfMessages: Math.min(batchSize, mostReceived),
					WaitTimeSeconds: 1,
					MessageSystemAttributeNames: ['All'],
				}),
				{ abortSignal: stop.signal },
			);
			if (Messages.length === 0) continue;
			active++;
			void handle(Messages).finally(() => {
				active--;
			});
		}
	};
	let ended: Promise<void> | undefined;

	return {
		isBusy: () => active > 0,
		start() {
			ended = poll().catch((error: unknown) => {
				if (!stop.signal.aborted) throw error;
			});
		},
		async stop() {
			stop.abort();
			await ended;
		},
	};
};
