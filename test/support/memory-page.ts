import type { Page } from '../../functions/ports.ts';

type At<T> = { limit: number; isBehind(item: T): boolean; behind(item: T): string };

/** The next page of items that are already in order. */
export const pageOf = <T>(all: readonly T[], { limit, isBehind, behind }: At<T>): Page<T> => {
	const rest = all.filter(isBehind);
	const items = structuredClone(rest.slice(0, limit));
	const last = items.at(-1);
	return { items, ...(last !== undefined && rest.length > limit ? { next: behind(last) } : {}), behind };
};
