import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { queueHandler } from '../../functions/handlers/queue-handler.ts';

const schema = z.object({ vpcId: z.string() });
const eventOf = (bodies: readonly string[]) =>
	({ Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) }) as unknown as SQSEvent;
const bodies = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ vpcId: `vpc-${n}` }));

const handlerThat = (run: (message: { vpcId: string }) => Promise<void>) => {
	const logged: Record<string, unknown>[] = [];
	const log = { info: () => {}, warn: () => {}, error: (_: string, fields: Record<string, unknown>) => void logged.push(fields) };
	return { handler: queueHandler({ schema, log, run }), logged };
};

describe('a function that takes messages', () => {
	it('gives back exactly the messages that failed, and logs each of them with its ids', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 50, size: 'max' }), async (fails) => {
				const ran: string[] = [];
				const { handler, logged } = handlerThat(async ({ vpcId }) => {
					ran.push(vpcId);
					if (fails[Number(vpcId.slice(4))]) throw new Error(`failure of ${vpcId}`);
				});

				const { batchItemFailures } = await handler(eventOf(bodies(fails.length)));

				const failed = [...fails.keys()].filter((n) => fails[n]);
				expect(ran).toHaveLength(fails.length);
				expect(batchItemFailures).toEqual(failed.map((n) => ({ itemIdentifier: `m${n}` })));
				expect(logged).toEqual(
					failed.map((n) => ({
						messageId: `m${n}`,
						vpcId: `vpc-${n}`,
						error: new Error(`failure of vpc-${n}`),
					})),
				);
			}),
		);
	});

	it('logs every error if the work of a message failed in several ways', async () => {
		const { handler, logged } = handlerThat(async () => {
			const errors = Array.from({ length: 49 }, (_, n) => new Error(`failure ${n}`));
			throw new AggregateError([...errors, new AggregateError([new Error('failure 49')])], 'fifty failures');
		});

		expect(await handler(eventOf(bodies(1)))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
		expect(logged.map(({ messageId, vpcId, error }) => [messageId, vpcId, String(error)])).toEqual(
			Array.from({ length: 50 }, (_, n) => ['m0', 'vpc-0', `Error: failure ${n}`]),
		);
	});

	it.each(['{', '{}', '{"vpcId":1}', 'null'])(
		'gives back the message %s, which it cannot read, and takes the others',
		async (body) => {
			const ran: string[] = [];
			const { handler, logged } = handlerThat(async ({ vpcId }) => void ran.push(vpcId));

			const answer = await handler(eventOf([body, ...bodies(2)]));

			expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
			expect(ran).toEqual(['vpc-0', 'vpc-1']);
			expect(logged).toEqual([{ messageId: 'm0', error: expect.any(Error) }]);
		},
	);

	it('logs what is thrown even if it is no error', async () => {
		const { handler, logged } = handlerThat(() => Promise.reject('plain text'));

		await handler(eventOf(bodies(1)));

		expect(logged).toMatchObject([{ error: 'plain text' }]);
	});
});
