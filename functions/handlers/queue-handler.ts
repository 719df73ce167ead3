import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import type { Log } from '../ports.ts';
import { eachError } from '../several-errors.ts';

type Work<T extends object> = { schema: z.ZodType<T>; log: Log; run(message: T, record: SQSRecord): Promise<void> };

/** Messages do not affect each other: one that fails goes back to the queue by itself, and at last to the dead-letter queue. */
export const queueHandler =
	<T extends object>({ schema, log, run }: Work<T>) =>
	async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
		const failed = await Promise.all(
			Records.map(async (record) => {
				const { messageId } = record;
				/** The ids in the message, once it is read. */
				let message: object = {};
				try {
					const read = schema.parse(JSON.parse(record.body));
					message = read;
					await run(read, record);
					return [];
				} catch (error) {
					for (const one of eachError(error)) log.error('message failed', { messageId, ...message, error: one });
					return [{ itemIdentifier: messageId }];
				}
			}),
		);
		return { batchItemFailures: failed.flat() };
	};
