import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { chunks } from '../../chunks.ts';
import type { Delayed, Queues } from '../../ports.ts';
import { throwAll } from '../../several-errors.ts';

/** SQS takes ten messages per call. */
const mostInBatch = 10;
/** Enough for ten thousand messages in seconds, and fewer than the sockets of a client. */
const mostCalls = 20;

export type QueueUrls = { reconcile: string; check: string; alert: string };

export const sqsQueues = (client: SQSClient, urls: QueueUrls): Queues => {
	/** The errors of the messages that SQS did not take. */
	const sendBatch = async (QueueUrl: string, batch: readonly Delayed<object>[]): Promise<Error[]> => {
		const Entries = batch.map(({ message, delaySeconds = 0 }, n) => ({
			Id: String(n),
			MessageBody: JSON.stringify(message),
			DelaySeconds: delaySeconds,
		}));
		const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
		return Failed.map(({ Id, Code, Message }) => {
			const { message } = batch[Number(Id)] ?? {};
			return new Error(`SQS did not take ${JSON.stringify(message)}: ${Code} ${Message ?? ''}`.trim());
		});
	};

	const send = async (QueueUrl: string, messages: readonly Delayed<object>[]): Promise<void> => {
		const errors: unknown[] = [];
		for (const batches of chunks(chunks(messages, mostInBatch), mostCalls)) {
			for (const sent of await Promise.allSettled(batches.map((batch) => sendBatch(QueueUrl, batch)))) {
				if (sent.status === 'rejected') errors.push(sent.reason);
				else errors.push(...sent.value);
			}
		}
		throwAll(errors, 'calls or messages');
	};

	return {
		reconcile: (messages) => send(urls.reconcile, messages),
		check: (messages) => send(urls.check, messages),
		alert: (messages) => send(urls.alert, messages),
	};
};
