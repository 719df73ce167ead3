import type { CursorKeys, Page } from '../../ports.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Answer } from './operation.ts';

/** Rows per read if a filter may leave few of them: the largest page that can be asked for. */
const rowsARead = 100;
/** A filter that leaves nothing must not have one request read for as long as its function may run: it goes on by the cursor. */
export const mostReads = 50;

type Listing<T> = {
	keys: CursorKeys;
	query: { limit: number; cursor?: string };
	/** What a cursor is bound to: the route, the account and the filters. */
	bound: readonly unknown[];
	read(at: { limit: number; after?: string }): Promise<Page<T>>;
	keep?(item: T): boolean;
	view(items: T[]): Promise<object[]> | object[];
};

/** One page of a list. A filter applies after reading, so it keeps reading until the page is full, or has been read for long enough. */
export const listPage = async <T>({ keys, query, bound, read, keep, view }: Listing<T>): Promise<Answer> => {
	const { limit, cursor } = query;
	const found: { item: T; behind: string }[] = [];
	let after = cursor === undefined ? undefined : decodeCursor(await keys.current(), cursor, bound);
	for (let reads = 1; ; reads++) {
		const page = await read({ limit: keep === undefined ? limit : rowsARead, ...(after === undefined ? {} : { after }) });
		const kept = keep === undefined ? page.items : page.items.filter(keep);
		found.push(...kept.map((item) => ({ item, behind: page.behind(item) })));
		after = page.next;
		if (after === undefined || found.length >= limit || reads === mostReads) break;
	}
	const given = found.slice(0, limit);
	// More may have been read than is given.
	const next = found.length > limit ? given.at(-1)?.behind : after;
	return {
		body: {
			items: await view(given.map(({ item }) => item)),
			...(next === undefined ? {} : { nextCursor: encodeCursor(await keys.current(), next, bound) }),
		},
	};
};
