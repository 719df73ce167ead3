/** What was thrown by those that failed. */
export const rejections = (ended: readonly PromiseSettledResult<unknown>[]): unknown[] =>
	ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));

/** Throws nothing if nothing failed, a single error as it is, and several as one AggregateError. */
export const throwAll = (errors: readonly unknown[], what: string): void => {
	if (errors.length > 1) throw new AggregateError(errors, `${errors.length} ${what} failed: ${errors[0]}`);
	if (errors.length === 1) throw errors[0];
};

/** The errors that were thrown as one, the nested ones too. */
export const eachError = (error: unknown): unknown[] =>
	error instanceof AggregateError ? error.errors.flatMap(eachError) : [error];
