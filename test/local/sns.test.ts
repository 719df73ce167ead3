import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
	ConfirmSubscriptionCommand,
	CreateTopicCommand,
	DeleteTopicCommand,
	ListTopicsCommand,
	PublishCommand,
	type PublishCommandInput,
	paginateListSubscriptionsByTopic,
	SNSClient,
	SubscribeCommand,
	UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it, vi } from 'vitest';
import { openOutbox } from '../../local/sns/outbox.ts';
import { startSns } from '../../local/sns/start-sns.ts';
import { localAccess, localServices } from '../support/local-service.ts';

const { folder, running } = localServices('sns');

const start = async (dir: string) => {
	const outbox = await openOutbox(join(dir, 'outbox.jsonl'));
	const sns = await startSns({ dir: join(dir, 'sns'), outbox });
	const client = new SNSClient({ ...localAccess(sns.url), maxAttempts: 1 });
	return { sns, client, outbox, stop: running(sns, client) };
};

const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alerts';
const startWithTopic = async () => {
	const dir = await folder();
	const started = await start(dir);
	await started.client.send(new CreateTopicCommand({ Name: 'alerts' }));
	return { dir, ...started };
};
type Started = Pick<Awaited<ReturnType<typeof start>>, 'client' | 'outbox'>;

const subscribe = (client: SNSClient, Protocol: string, Endpoint: string) =>
	client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
const subscriptionsOf = async (client: SNSClient) => {
	const found = [];
	for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
		found.push(...(page.Subscriptions ?? []));
	}
	return found;
};
const lastToken = async ({ outbox }: Pick<Started, 'outbox'>) =>
	/[0-9a-f]{32}/.exec((await outbox.list()).at(-1)?.message ?? '')?.[0];
const confirm = async (started: Started) =>
	started.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: await lastToken(started) }));
const smsType = (StringValue: string, DataType = 'String') => ({ 'AWS.SNS.SMS.SMSType': { DataType, StringValue } });
const publish = (client: SNSClient, input: Omit<PublishCommandInput, 'TopicArn'>) =>
	client.send(new PublishCommand({ TopicArn, ...input }));

describe('a topic of the local SNS', () => {
	it('is created only once however often it is asked for, and is listed', async () => {
		const { client } = await startWithTopic();
		const create = (Name: string) => client.send(new CreateTopicCommand({ Name }));
		expect((await create('alerts')).TopicArn).toBe(TopicArn);
		await Promise.all(['a', 'b', 'c', 'd', 'e'].map(create));

		const { Topics = [] } = await client.send(new ListTopicsCommand({}));
		expect(Topics.map((topic) => topic.TopicArn?.replace(/.*:/, ''))).toEqual(['alerts', 'a', 'b', 'c', 'd', 'e']);
	});

	it('must have a name of letters, digits, hyphens and underscores', async () => {
		const { client } = await startWithTopic();
		for (const Name of ['with space', 'dot.ted', 'x'.repeat(257)]) {
			await expect(client.send(new CreateTopicCommand({ Name }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
		}
	});

	it('is deleted with its subscriptions, and may be deleted twice', async () => {
		const { client } = await startWithTopic();
		await subscribe(client, 'sms', '+15550100');
		await client.send(new DeleteTopicCommand({ TopicArn }));
		await client.send(new DeleteTopicCommand({ TopicArn }));
		await expect(publish(client, { Message: 'gone' })).rejects.toMatchObject({ name: 'NotFoundException' });

		await client.send(new CreateTopicCommand({ Name: 'alerts' }));
		expect(await subscriptionsOf(client)).toEqual([]);
	});
});

describe('a subscription of the local SNS', () => {
	it('by e-mail is pending until it is confirmed, and gets nothing before that', async () => {
		const started = await startWithTopic();
		const { client, outbox } = started;
		const endpoint = `o'neil&"co"+<x>@example.org`;
		expect((await subscribe(client, 'email', endpoint)).SubscriptionArn).toBe('pending confirmation');
		expect((await outbox.list()).at(-1)?.deliveries).toEqual([
			{ protocol: 'email', endpoint, text: expect.stringContaining((await lastToken(started)) ?? 'a token') },
		]);
		const pending = { Protocol: 'email', Endpoint: endpoint, TopicArn };
		expect(await subscriptionsOf(client)).toEqual([
			expect.objectContaining({ ...pending, SubscriptionArn: 'PendingConfirmation' }),
		]);
		const token = await lastToken(started);
		const guess = client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'guess' }));
		await expect(guess).rejects.toMatchObject({ name: 'InvalidParameterException' });
		await publish(client, { Message: 'too early' });
		expect((await outbox.list()).at(-1)?.deliveries).toEqual([]);

		const { SubscriptionArn } = await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: token }));
		expect(SubscriptionArn?.startsWith(`${TopicArn}:`)).toBe(true);
		expect(await subscriptionsOf(client)).toEqual([expect.objectContaining({ ...pending, SubscriptionArn })]);
		await publish(client, { Message: 'in time' });
		expect((await outbox.list()).at(-1)?.deliveries).toEqual([{ protocol: 'email', endpoint, text: 'in time' }]);
	});

	it('by e-mail is confirmed by the link in its mail, once', async () => {
		const started = await startWithTopic();
		await subscribe(started.client, 'email', 'noc@example.org');
		const token = (await lastToken(started)) ?? '';
		expect((await started.outbox.list()).at(-1)?.message).toMatch(new RegExp(`POST /_local/confirmations/${token}$`));

		expect(await started.sns.confirm('guess')).toBe(false);
		expect(await started.sns.confirm(token)).toBe(true);
		expect(await started.sns.confirm(token)).toBe(false);
		await publish(started.client, { Message: 'in time' });
		expect((await started.outbox.list()).at(-1)?.deliveries).toMatchObject([{ endpoint: 'noc@example.org' }]);
	});

	it('by e-mail is forgotten after 48 hours in which nobody confirmed it, and its link does nothing any more', async () => {
		const started = await startWithTopic();
		await subscribe(started.client, 'email', 'noc@example.org');
		const token = (await lastToken(started)) ?? '';
		vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 47 * 3_600_000 });
		try {
			expect(await subscriptionsOf(started.client)).toHaveLength(1);
			vi.setSystemTime(Date.now() + 3_600_000);

			expect(await subscriptionsOf(started.client)).toEqual([]);
			expect(await started.sns.confirm(token)).toBe(false);
		} finally {
			vi.useRealTimers();
		}
	});

	it('stays the same when asked for again, which sends another confirmation only while it is pending', async () => {
		const started = await startWithTopic();
		const { client, outbox } = started;
		await subscribe(client, 'email', 'ann@example.org');
		await subscribe(client, 'email', 'ann@example.org');
		expect(await outbox.list()).toHaveLength(2);
		const { SubscriptionArn } = await confirm(started);

		expect((await subscribe(client, 'email', 'ann@example.org')).SubscriptionArn).toBe(SubscriptionArn);
		expect(await outbox.list()).toHaveLength(2);
		expect(await subscriptionsOf(client)).toHaveLength(1);
	});

	it('by text message is confirmed at once, until it is unsubscribed', async () => {
		const { client, outbox } = await startWithTopic();
		const { SubscriptionArn } = await subscribe(client, 'sms', '+15550100');
		expect(SubscriptionArn?.startsWith(`${TopicArn}:`)).toBe(true);
		await client.send(new UnsubscribeCommand({ SubscriptionArn }));

		expect(await subscriptionsOf(client)).toEqual([]);
		await publish(client, { Message: 'to nobody' });
		expect((await outbox.list()).at(-1)?.deliveries).toEqual([]);
	});

	it('is refused for an unsupported protocol, a malformed endpoint or an unknown topic', async () => {
		const { client } = await startWithTopic();
		for (const [protocol, endpoint] of [
			['https', 'https://example.org'],
			['email', 'nobody'],
			['sms', 'call me'],
		] as const) {
			await expect(subscribe(client, protocol, endpoint)).rejects.toMatchObject({ name: 'InvalidParameterException' });
		}
		const elsewhere = new SubscribeCommand({ TopicArn: `${TopicArn}2`, Protocol: 'sms', Endpoint: '+15550100' });
		await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'NotFoundException' });
	});

	it('is listed even if there are more than one page holds', async () => {
		const { client } = await startWithTopic();
		const numbers = Array.from({ length: 120 }, (_, n) => `+1555${String(n).padStart(4, '0')}`);
		await Promise.all(numbers.map((number) => subscribe(client, 'sms', number)));
		expect((await subscriptionsOf(client)).map(({ Endpoint }) => Endpoint).sort()).toEqual(numbers);
	});
});

describe('a message published to the local SNS', () => {
	it('reaches each subscription in the text of its protocol, and the outbox with its attributes', async () => {
		const started = await startWithTopic();
		const { client, outbox } = started;
		await subscribe(client, 'email', 'ann@example.org');
		await confirm(started);
		await subscribe(client, 'sms', '+15550100');
		const { MessageId } = await publish(client, {
			Subject: 'A tunnel is down',
			MessageStructure: 'json',
			Message: JSON.stringify({ default: 'short', email: 'long & „quoted“\nlines' }),
			MessageAttributes: {
				account: { DataType: 'String', StringValue: 'acme' },
				severity: { DataType: 'String', StringValue: 'high' },
			},
		});

		expect(MessageId).toBeTruthy();
		expect((await outbox.list()).at(-1)).toEqual({
			at: expect.stringMatching(/^\d{4}-.*Z$/),
			subject: 'A tunnel is down',
			message: 'long & „quoted“\nlines',
			attributes: { account: 'acme', severity: 'high' },
			deliveries: [
				{ protocol: 'email', endpoint: 'ann@example.org', text: 'long & „quoted“\nlines' },
				{ protocol: 'sms', endpoint: '+15550100', text: 'short' },
			],
		});
	});

	it('reaches a subscription with a filter policy only with an attribute that the policy lists', async () => {
		const { client, outbox } = await startWithTopic();
		const filtered = (Attributes: Record<string, string>) =>
			client.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: '+15550100', Attributes }));
		await filtered({ FilterPolicy: '{"texted":["yes","always"]}' });
		await filtered({ FilterPolicy: '{"texted":["yes","always"]}' });
		const reached = async (MessageAttributes: PublishCommandInput['MessageAttributes']) => {
			await publish(client, { Message: 'm', MessageAttributes });
			return (await outbox.list()).at(-1)?.deliveries.length;
		};

		expect(await reached({ texted: { DataType: 'String', StringValue: 'always' } })).toBe(1);
		expect(await reached({ texted: { DataType: 'String', StringValue: 'no' } })).toBe(0);
		expect(await reached({})).toBe(0);
		for (const refused of [
			{ FilterPolicy: '{"texted":["yes"]}' },
			{ FilterPolicy: '{"texted":"yes"}' },
			{ FilterPolicy: '{' },
			{ RawMessageDelivery: 'true' },
		] as Record<string, string>[])
			await expect(filtered(refused)).rejects.toMatchObject({ name: 'InvalidParameterException' });
	});

	it.each([
		['a subject of 101 characters', { Message: 'm', Subject: 'x'.repeat(101) }],
		['a subject with a line break', { Message: 'm', Subject: 'two\nlines' }],
		['a subject beyond ASCII', { Message: 'm', Subject: 'Tür' }],
		['a structure that is not JSON', { Message: '{', MessageStructure: 'json' }],
		['a structure that is null', { Message: 'null', MessageStructure: 'json' }],
		['a structure without a default', { Message: '{"email":"m"}', MessageStructure: 'json' }],
		['a default that is not a string', { Message: '{"default":{}}', MessageStructure: 'json' }],
		['no text', { Message: '' }],
		['an unknown type of text message', { Message: 'm', MessageAttributes: smsType('Urgent') }],
		['a type of text message that is not a string', { Message: 'm', MessageAttributes: smsType('Promotional', 'Number') }],
		['a text of more than 256 KiB', { Message: 'ü'.repeat(131_073) }],
	])('is refused with %s, and leaves nothing in the outbox', async (_, input) => {
		const { client, outbox } = await startWithTopic();
		await expect(publish(client, input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
		expect(await outbox.list()).toEqual([]);
	});
});

describe('the local SNS', () => {
	it('keeps topics, subscriptions, pending confirmations and messages of every permitted size across a restart', async () => {
		const { dir, client, stop } = await startWithTopic();
		await subscribe(client, 'sms', '+15550100');
		await publish(client, { Message: 'ü'.repeat(131_072), Subject: 'x'.repeat(100) });
		await subscribe(client, 'email', 'ann@example.org');
		await stop();

		const again = await start(dir);
		await confirm(again);
		await publish(again.client, { Message: 'after' });
		const sent = await again.outbox.list();
		expect(sent.map(({ message }) => message)).toEqual(['ü'.repeat(131_072), expect.stringContaining('To confirm it'), 'after']);
		expect(sent.at(-1)?.deliveries.map(({ endpoint }) => endpoint)).toEqual(['+15550100', 'ann@example.org']);
	});

	it('survives a caller that hangs up in the middle of a request', async () => {
		const { sns, client } = await startWithTopic();
		const socket = connect(Number(new URL(sns.url).port), '127.0.0.1');
		socket.write('POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 100\r\n\r\nAction=', () => socket.destroy());
		await once(socket, 'close');

		expect((await client.send(new ListTopicsCommand({}))).Topics).toHaveLength(1);
	});
});
