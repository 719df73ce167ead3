import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Queues } from '../../ports.ts';

/** SQS takes so many messages a call. */
const mostInBatch = 10;

export type QueueUrls = { reconcile: string; check: string; alert: string };

export const sqsQueues = (client: SQSClient, urls: QueueUrls): Queues => {
	const send = async (QueueUrl: string, body: object, delaySeconds = 0) => {
		await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds: delaySeconds }));
	};
	const sendBatch = async (QueueUrl: string, batch: Parameters<Queues['check']>[0]) => {
		const Entries = batch.map(({ message, delaySeconds }, n) => ({
			Id: String(n),
			MessageBody: JSON.stringify(message),
			DelaySeconds: delaySeconds,
		}));
		const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
		if (Failed.length > 0) throw new Error(`${Failed.length} messages were not taken: ${Failed[0]?.Message ?? ''}`);
	};
	return {
		reconcile: (vpcId, { delaySeconds, ifBehind } = {}) => send(urls.reconcile, { vpcId, ifBehind }, delaySeconds),
		async check(messages) {
			const batches = Array.from({ length: Math.ceil(messages.length / mostInBatch) }, (_, n) =>
				messages.slice(n * mostInBatch, (n + 1) * mostInBatch),
			);
			await Promise.all(batches.map((batch) => sendBatch(urls.check, batch)));
		},
		alert: (accountId, delaySeconds) => send(urls.alert, { accountId }, delaySeconds),
	};
};
