import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Queues } from '../../ports.ts';

export type QueueUrls = { reconcile: string; check: string; alert: string };

export const sqsQueues = (client: SQSClient, urls: QueueUrls): Queues => {
	const send = async (QueueUrl: string, body: object, delaySeconds = 0) => {
		await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds: delaySeconds }));
	};
	return {
		reconcile: (vpcId, { delaySeconds, ifBehind } = {}) => send(urls.reconcile, { vpcId, ifBehind }, delaySeconds),
		check: (message, delaySeconds) => send(urls.check, message, delaySeconds),
		alert: (accountId, delaySeconds) => send(urls.alert, { accountId }, delaySeconds),
	};
};
