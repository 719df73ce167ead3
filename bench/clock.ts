/** Milliseconds of one run, and what it gave. */
export const timed = async <T>(run: () => T | Promise<T>): Promise<{ ms: number; result: T }> => {
	const begin = performance.now();
	const result = await run();
	return { ms: performance.now() - begin, result };
};

/** The value below which so many per cent of all lie. */
export const percentile = (values: readonly number[], percent: number): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
};
