import type * as z from 'zod';
import type { Log } from '../ports.ts';
import { eachError } from '../several-errors.ts';

type Work<T extends object> = { schema: z.ZodType<T>; log: Log; run(event: T): Promise<void> };

/** What fails is thrown, so that Lambda runs it again, and logged before: Lambda prints of several errors none but the one that holds them. */
export const scheduleHandler =
	<T extends object>({ schema, log, run }: Work<T>) =>
	async (event: unknown): Promise<void> => {
		try {
			await run(schema.parse(event));
		} catch (error) {
			for (const one of eachError(error)) log.error('scheduled work failed', { error: one });
			throw error;
		}
	};
