import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import {
	ChangeMessageVisibilityCommand,
	DeleteMessageCommand,
	GetQueueAttributesCommand,
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type LocalSqs, startSqs } from '../../local/sqs/start-sqs.ts';
import { localAccess, localServices } from '../support/local-service.ts';

const { folder, running } = localServices('sqs');

const start = async (dir: string): Promise<{ sqs: LocalSqs; client: SQSClient; stop(): Promise<void> }> => {
	const sqs = await startSqs({ dir });
	const client = new SQSClient(localAccess(sqs.url));
	return { sqs, client, stop: running(sqs, client) };
};

const receive = async (client: SQSClient, queueUrl: string, waitSeconds = 0) => {
	const { Messages = [] } = await client.send(
		new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: waitSeconds, MaxNumberOfMessages: 10 }),
	);
	return Messages;
};
const attributesOf = async (client: SQSClient, queueUrl: string) =>
	(await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }))).Attributes ?? {};

const sender = `
	import { startSqs } from './local/sqs/start-sqs.ts';
	const sqs = await startSqs({ dir: process.argv[1] });
	const QueueUrl = await sqs.createQueue('work');
	await fetch(sqs.url, {
		method: 'POST',
		headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
		body: JSON.stringify({ QueueUrl, MessageBody: 'acknowledged' }),
	});
	console.log('sent');
`;

describe('the local SQS', () => {
	it('delivers a message once while it is invisible, and never again once it is deleted', async () => {
		const { sqs, client } = await start(await folder());
		const url = await sqs.createQueue('work', { VisibilityTimeout: '600' });
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));
		expect(sqs.readyMessages('work')).toBe(1);

		const [message] = await receive(client, url);
		expect(message?.Body).toBe('one');
		expect(await receive(client, url)).toEqual([]);

		await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
		expect(await attributesOf(client, url)).toMatchObject({
			ApproximateNumberOfMessages: '0',
			ApproximateNumberOfMessagesNotVisible: '0',
		});
	});

	it('holds back a delayed message until its delay is over', async () => {
		const { sqs, client } = await start(await folder());
		const url = await sqs.createQueue('work');
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'much later', DelaySeconds: 900 }));
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'soon', DelaySeconds: 1 }));

		expect((await receive(client, url, 20)).map(({ Body }) => Body)).toEqual(['soon']);
		expect(await attributesOf(client, url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
	});

	it("delays by the queue's own setting if the message names none", async () => {
		const { sqs, client } = await start(await folder());
		const url = await sqs.createQueue('work', { DelaySeconds: '900' });
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));

		expect(await receive(client, url)).toEqual([]);
		expect(await attributesOf(client, url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
	});

	it('delivers a message again when its visibility timeout ends', async () => {
		const { sqs, client } = await start(await folder());
		const url = await sqs.createQueue('work', { VisibilityTimeout: '1' });
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));
		const [first] = await receive(client, url);
		const [second] = await receive(client, url, 20);

		expect(second?.MessageId).toBe(first?.MessageId);
		expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
	});

	it('delivers a message again at once when its visibility timeout is set to 0, also after a restart', async () => {
		const dir = await folder();
		const before = await start(dir);
		const oldUrl = await before.sqs.createQueue('work', { VisibilityTimeout: '600' });
		const giveBack = async ({ client }: { client: SQSClient }, queueUrl: string) => {
			const [message] = await receive(client, queueUrl);
			await client.send(
				new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
			);
		};
		await before.client.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'one' }));
		await giveBack(before, oldUrl);
		await giveBack(before, oldUrl);
		await before.stop();

		const { sqs, client } = await start(dir);
		const [message] = await receive(client, await sqs.createQueue('work'));
		expect(message?.Body).toBe('one');
	});

	it('moves a message to the dead-letter queue once it has been received too often', async () => {
		const { sqs, client } = await start(await folder());
		const dead = await sqs.createQueue('dead');
		const url = await sqs.createQueue('work', {
			RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 2 }),
		});
		await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
		for (const _ of [1, 2]) {
			const [message] = await receive(client, url);
			await client.send(
				new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
			);
		}

		expect(await receive(client, url)).toEqual([]);
		expect((await receive(client, dead)).map(({ Body }) => Body)).toEqual(['poison']);
	});

	it('keeps waiting, delayed and received messages across a restart and a repeated creation of their queue', async () => {
		const dir = await folder();
		const attributes = { VisibilityTimeout: '600' };
		const before = await start(dir);
		const oldUrl = await before.sqs.createQueue('work', attributes);
		await before.client.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'taken' }));
		const [taken] = await receive(before.client, oldUrl);
		await before.client.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'waiting' }));
		await before.client.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'delayed', DelaySeconds: 900 }));
		await before.stop();

		const { sqs, client } = await start(dir);
		const url = await sqs.createQueue('work', attributes);
		expect(await attributesOf(client, url)).toMatchObject({
			ApproximateNumberOfMessages: '1',
			ApproximateNumberOfMessagesDelayed: '1',
			ApproximateNumberOfMessagesNotVisible: '1',
		});
		expect((await receive(client, url)).map(({ Body }) => Body)).toEqual(['waiting']);

		await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: taken?.ReceiptHandle }));
		expect(await attributesOf(client, url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
	});

	it('keeps every acknowledged message when it is killed', async () => {
		const dir = await folder();
		const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', sender, dir], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		await once(child.stdout, 'data');
		child.kill('SIGKILL');
		await once(child, 'exit');

		const { sqs, client } = await start(dir);
		const [message] = await receive(client, await sqs.createQueue('work'));
		expect(message?.Body).toBe('acknowledged');
	});

	it('updates the attributes of an existing queue for good', async () => {
		const dir = await folder();
		const before = await start(dir);
		await before.sqs.createQueue('work', { VisibilityTimeout: '30' });
		await before.sqs.createQueue('work', { VisibilityTimeout: '90' });
		await before.stop();

		const { client, sqs } = await start(dir);
		expect(await attributesOf(client, await sqs.createQueue('work'))).toMatchObject({ VisibilityTimeout: '90' });
	});

	it('cannot be reached from another machine', async () => {
		const { sqs } = await start(await folder());
		const outward = Object.values(networkInterfaces())
			.flat()
			.filter((address) => address?.family === 'IPv4' && !address.internal);

		for (const address of [...outward, { address: '127.0.0.2' }]) {
			await expect(fetch(sqs.url.replace('127.0.0.1', address?.address ?? ''))).rejects.toThrow('fetch failed');
		}
	});
});
