import {
	DeleteMessageCommand,
	GetQueueAttributesCommand,
	type Message,
	ReceiveMessageCommand,
	type SQSClient,
} from '@aws-sdk/client-sqs';
import { TooManyRequests } from './concurrency.ts';
import type { LocalFunction } from './local-function.ts';
import { tellFailure } from './tell-failure.ts';

type Source = {
	/** As the function's role. */
	client: SQSClient;
	/** Shows a message again in so many seconds. It is the platform's own doing, and none of the role's. */
	postpone(receiptHandle: string, seconds: number): Promise<void>;
	queueUrl: string;
	queueArn: string;
	target: LocalFunction;
	concurrency: number;
};
type Answer = { batchItemFailures?: { itemIdentifier: string }[] };

/** Lambda tries a failed message again when its visibility ends; here soon, so that nobody waits for minutes. */
const retrySeconds = 5;

/** An event source mapping: takes messages, one a call, and deletes what succeeded. */
export const eventSource = ({ client, postpone, queueUrl, queueArn, target, concurrency }: Source) => {
	const stop = new AbortController();
	let active = 0;

	const handle = async (message: Message): Promise<void> => {
		const record = {
			messageId: message.MessageId,
			receiptHandle: message.ReceiptHandle,
			body: message.Body,
			attributes: message.Attributes ?? {},
			messageAttributes: {},
			eventSource: 'aws:sqs',
			eventSourceARN: queueArn,
		};
		const outcome = await target.invoke({ Records: [record] }).then(
			(answer) => (((answer as Answer | undefined)?.batchItemFailures?.length ?? 0) > 0 ? 'failed' : 'done'),
			(error: unknown) => {
				tellFailure(target.name, error);
				return error instanceof TooManyRequests ? 'throttled' : 'failed';
			},
		);
		// One that was throttled comes back when its visibility ends, and counts as received.
		if (stop.signal.aborted || outcome === 'throttled') return;
		if (outcome === 'failed') await postpone(message.ReceiptHandle ?? '', retrySeconds);
		else await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
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
					MaxNumberOfMessages: 1,
					WaitTimeSeconds: 1,
					MessageSystemAttributeNames: ['All'],
				}),
				{ abortSignal: stop.signal },
			);
			for (const message of Messages) {
				active++;
				void handle(message).finally(() => {
					active--;
				});
			}
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
