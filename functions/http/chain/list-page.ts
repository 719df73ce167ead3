import type { Page } from '../../ports.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Answer } from './operation.ts';

type Listing<T> = {
	query: { limit: number; cursor?: string };
	/** What a cursor is bound to: the route, the account and the filters. */
	bound: readonly unknown[];
	read(at: { limit: number; after?: string }): Promise<Page<T>>;
	keep?(item: T): boolean;
	view(items: T[]): Promise<object[]> | object[];
};

/** One page of a list. Filters apply after reading, so it keeps reading until the page is full. */
export const listPage = async <T>({ query, bound, read, keep = () => true, view }: Listing<T>): Promise<Answer> => {
	const items: T[] = [];
	let after = decodeCursor(query.cursor, bound);
	do {
		const page = await read({ limit: query.limit - items.length, ...(after === undefined ? {} : { after }) });
		items.push(...page.items.filter(keep));
		after = page.next;
	} while (after !== undefined && items.length < query.limit);
	return { body: { items: await view(items), ...(after === undefined ? {} : { nextCursor: encodeCursor(after, bound) }) } };
};
