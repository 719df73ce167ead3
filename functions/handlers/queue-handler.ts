import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import type { Log } from '../ports.ts';

type Work<T> = { schema: z.ZodType<T>; log: Log; run(message: T, record: SQSRecord): Promise<void> };

/** Messages do not affect each other: one that fails goes back to the queue by itself, and at last to the dead-letter queue. */
export const queueHandler =
	<T>({ schema, log, run }: Work<T>) =>
	async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
		const failed = await Promise.all(
			Records.map(async (record) => {
				try {
					await run(schema.parse(JSON.parse(record.body)), record);
					return [];
				} catch (error) {
					log.error('message failed', {
						messageId: record.messageId,
						error: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
					});
					return [{ itemIdentifier: record.messageId }];
				}
			}),
		);
		return { batchItemFailures: failed.flat() };
	};
