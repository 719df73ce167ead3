/** By the name of an error, what it means to a reader. */
export type Words = Readonly<Record<string, string>>;

const throttled = 'EC2 throttles our calls';
const always: Words = { RequestLimitExceeded: throttled, Throttling: throttled };

/** Everything that a service or the network does to a call has metadata of it, or the code of a system call. Throws what is a fault of ours. */
export const refusalOf = (error: unknown, words: Words = {}): string => {
	if (!(error instanceof Error) || !('$metadata' in error || 'code' in error)) throw error;
	return { ...always, ...words }[error.name] ?? `${error.name}: ${error.message}`;
};
