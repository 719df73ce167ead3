/** Throws nothing if nothing failed, a single error as it is, and several as one AggregateError. */
export const throwAll = (errors: readonly unknown[], what: string): void => {
	if (errors.length > 1) throw new AggregateError(errors, `${errors.length} ${what} failed: ${errors[0]}`);
	if (errors.length === 1) throw errors[0];
};
