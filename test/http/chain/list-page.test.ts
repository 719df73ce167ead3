import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPage, mostReads } from '../../../functions/http/chain/list-page.ts';
import { cursorKey } from '../../support/memory-ports.ts';

type Row = { n: number; state: string };

/** A table whose pages may end early, as those of DynamoDB do at 1 MB, and some of whose rows are left out, as markers and expired ones are. */
const tableOf = (rows: readonly Row[], { mostAPage = 1_000, isTold = (_: Row): boolean => true } = {}) => {
	const reads: number[] = [];
	const read = async ({ limit, after }: { limit: number; after?: string }) => {
		reads.push(limit);
		const rest = rows.filter(({ n }) => after === undefined || n > Number(after));
		const page = rest.slice(0, Math.min(limit, mostAPage));
		const last = page.at(-1);
		return {
			items: page.filter(isTold),
			...(last !== undefined && rest.length > page.length ? { next: String(last.n) } : {}),
			behind: ({ n }: Row) => String(n),
		};
	};
	const page = async (limit: number, keep?: (row: Row) => boolean, cursor?: string) => {
		const { body } = await listPage({
			keys: { current: async () => cursorKey },
			query: { limit, ...(cursor === undefined ? {} : { cursor }) },
			bound: ['rows'],
			read,
			...(keep === undefined ? {} : { keep }),
			view: (items) => items,
		});
		return body as { items: Row[]; nextCursor?: string };
	};
	return { page, reads };
};
const rowsOf = (states: readonly string[]): Row[] => states.map((state, n) => ({ n, state }));

describe('a list in pages', () => {
	it('takes 50 reads a page and no more, however many rows a filter leaves out, and goes on where they ended', async () => {
		const { page, reads } = tableOf([...rowsOf(Array(12_345).fill('down')), { n: 12_345, state: 'up' }]);
		const isUp = ({ state }: Row) => state === 'up';

		const first = await page(10, isUp);
		expect([first.items, reads.length]).toEqual([[], 50]);
		const second = await page(10, isUp, first.nextCursor);
		expect([second.items, reads.length]).toEqual([[], 100]);
		expect(await page(10, isUp, second.nextCursor)).toEqual({ items: [{ n: 12_345, state: 'up' }] });
	});

	it('gives every matching row once and in order, in full pages except the last and those that take too many reads, for any filter and limit', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom('up', 'down', 'untold'), { maxLength: 400, size: 'max' }),
				fc.integer({ min: 1, max: 100 }),
				fc.integer({ min: 1, max: 150 }),
				fc.constantFrom(undefined, 'up', 'down', 'nothing'),
				async (states, limit, mostAPage, state) => {
					const rows = rowsOf(states);
					const { page, reads } = tableOf(rows, { mostAPage, isTold: (row) => row.state !== 'untold' });
					const keep = state === undefined ? undefined : (row: Row) => row.state === state;
					const pages: { items: Row[]; isCut: boolean }[] = [];
					let cursor: string | undefined;
					do {
						const before = reads.length;
						const { items, nextCursor } = await page(limit, keep, cursor);
						pages.push({ items, isCut: reads.length - before === mostReads });
						cursor = nextCursor;
					} while (cursor !== undefined);

					const wanted = rows.filter((row) => row.state !== 'untold' && (keep?.(row) ?? true));
					expect(pages.flatMap(({ items }) => items)).toEqual(wanted);
					expect(pages.slice(0, -1).every(({ items, isCut }) => isCut || items.length === limit)).toBe(true);
				},
			),
		);
	});

	it('reads in full pages if there is a filter, and no further than it must', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.boolean(), { maxLength: 1_000, size: 'max' }),
				fc.integer({ min: 1, max: 100 }),
				async (matches, limit) => {
					const rows = rowsOf(matches.map((one) => (one ? 'up' : 'down')));
					const { page, reads } = tableOf(rows);

					const { items } = await page(limit, ({ state }) => state === 'up');

					const seen = items.length < limit ? rows.length : (items.at(-1)?.n ?? 0) + 1;
					expect(reads).toEqual(Array(Math.max(1, Math.ceil(seen / 100))).fill(100));
				},
			),
		);
	});

	it('needs twenty reads to find fifty rows at the end of two thousand', async () => {
		const { page, reads } = tableOf(rowsOf(Array.from({ length: 2_000 }, (_, n) => (n < 1_950 ? 'down' : 'up'))));

		expect((await page(50, ({ state }) => state === 'up')).items).toHaveLength(50);
		expect(reads).toHaveLength(20);
	});

	it('reads once, and only as many rows as asked for, if there is no filter', async () => {
		const { page, reads } = tableOf(rowsOf(Array(300).fill('up')));

		expect((await page(7)).items).toHaveLength(7);
		expect(reads).toEqual([7]);
	});

	it('goes on right after the last row it gave, so that a row that matches by then is not skipped', async () => {
		const rows = rowsOf(['up', 'down', 'down', ...Array(200).fill('up')]);
		const { page } = tableOf(rows);
		const isUp = ({ state }: Row) => state === 'up';
		const one = await page(1, isUp);
		const changed = rows[1];
		if (changed === undefined) throw new Error('there is a second row');
		changed.state = 'up';

		expect((await page(1, isUp, one.nextCursor)).items).toEqual([changed]);
	});
});
