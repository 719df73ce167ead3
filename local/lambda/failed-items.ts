import * as z from 'zod';

/** Nothing that is said is a success of the whole batch; what cannot be read is a failure of the whole batch. */
const Response = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() }).nullish();

/**
 * The messages of a batch that failed, by the function's answer, where its mapping has ReportBatchItemFailures.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const failedItems = (answer: unknown, messageIds: readonly string[]): ReadonlySet<string> => {
	const response = Response.safeParse(answer);
	const failed = new Set(response.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
	const isReadable = response.success && [...failed].every((id) => messageIds.includes(id));
	return isReadable ? failed : new Set(messageIds);
};
