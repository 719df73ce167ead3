import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqsQueues } from '../../functions/adapters/sqs/sqs-queues.ts';
import { later } from '../support/builders.ts';

type Sent = { queueUrl: string; body: unknown; delaySeconds: number | undefined };

/** SQS, which refuses a call or single messages of it where a test says so. */
const sqsThat = ({ failsCall = (_: number): boolean => false, refuses = (_: string): boolean => false } = {}) => {
	const sent: Sent[] = [];
	const batches: number[] = [];
	let running = 0;
	let mostAtOnce = 0;
	const send = async (command: unknown) => {
		if (!(command instanceof SendMessageBatchCommand)) throw new Error('no such call');
		const { QueueUrl = '', Entries = [] } = command.input;
		batches.push(Entries.length);
		const call = batches.length;
		mostAtOnce = Math.max(mostAtOnce, ++running);
		await new Promise((resolve) => setImmediate(resolve));
		running--;
		if (failsCall(call)) throw new Error(`call ${call} failed`);
		if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length) throw new Error('BatchEntryIdsNotDistinct');
		const refused = Entries.filter(({ MessageBody = '' }) => refuses(MessageBody));
		for (const { MessageBody = '', DelaySeconds } of Entries.filter((entry) => !refused.includes(entry)))
			sent.push({ queueUrl: QueueUrl, body: JSON.parse(MessageBody), delaySeconds: DelaySeconds });
		return { Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
	};
	const queues = sqsQueues({ send } as unknown as SQSClient, { reconcile: 'R', check: 'C', alert: 'A' });
	return { queues, sent, batches, mostAtOnce: () => mostAtOnce };
};
const hints = (count: number) => Array.from({ length: count }, (_, n) => ({ message: { vpcId: `vpc-${n}`, ifBehind: true } }));

describe('the queues on SQS', () => {
	it('send each message once, ten per call and twenty calls at once', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(1_000), async (count) => {
				const { queues, sent, batches, mostAtOnce } = sqsThat();

				await queues.reconcile(hints(count));

				expect(sent.map(({ body }) => body)).toEqual(hints(count).map(({ message }) => message));
				expect(batches).toHaveLength(Math.ceil(count / 10));
				expect(Math.max(0, ...batches)).toBeLessThanOrEqual(10);
				expect(mostAtOnce()).toBe(Math.min(20, batches.length));
			}),
			{ numRuns: 20 },
		);
	});

	it('send to the queue that is meant, with the delay that is asked for', async () => {
		const { queues, sent } = sqsThat();
		const check = { vpcIds: ['vpc-1'], tickAt: later(30).toISOString() };

		await queues.reconcile([{ message: { vpcId: 'vpc-1' }, delaySeconds: 1 }]);
		await queues.check([{ message: check, delaySeconds: 30 }]);
		await queues.alert([{ message: { accountId: 'acme' } }]);

		expect(sent).toEqual([
			{ queueUrl: 'R', body: { vpcId: 'vpc-1' }, delaySeconds: 1 },
			{ queueUrl: 'C', body: check, delaySeconds: 30 },
			{ queueUrl: 'A', body: { accountId: 'acme' }, delaySeconds: 0 },
		]);
	});

	it('send the other messages if a call fails, and then throw every failure', async () => {
		const { queues, sent } = sqsThat({ failsCall: (call) => call === 1 || call === 25 });

		const error = await queues.reconcile(hints(300)).catch((thrown: unknown) => thrown);

		expect(sent).toHaveLength(280);
		expect((error as AggregateError).errors.map(String)).toEqual(['Error: call 1 failed', 'Error: call 25 failed']);
	});

	it('name each message that SQS did not take of a call', async () => {
		const { queues, sent } = sqsThat({ refuses: (body) => /vpc-(3|14)"/.test(body) });

		const error = await queues.reconcile(hints(20)).catch((thrown: unknown) => thrown);

		expect(sent).toHaveLength(18);
		expect((error as AggregateError).errors.map(String)).toEqual([
			'Error: SQS did not take {"vpcId":"vpc-3","ifBehind":true}: InternalError',
			'Error: SQS did not take {"vpcId":"vpc-14","ifBehind":true}: InternalError',
		]);
	});
});
