import { it } from 'vitest';

/** `npm run test:long`: long tables whole, of which `npm test` has a sample. */
export const atLength = process.env.LONG === '1';

/** What the suite has left of its budget (test/budgets.ts), which scripts/test.sh sets an end; a file that is run by hand has as long as it likes. */
const secondsLeft = (): number => {
	const ends = process.env['SUITE_ENDS'];
	return ends === undefined || ends === '' ? Number.POSITIVE_INFINITY : Number(ends) - Date.now() / 1_000;
};

/** How often to sample a property: `few` times, and `many` in the long run; a quarter of the few where the suite is over its budget. */
export const samples = (few: number, many: number): { numRuns: number } => ({
	numRuns: atLength ? many : secondsLeft() > 0 ? few : Math.ceil(few / 4),
});

/** Rows of a table that take so many seconds together on an idle machine: where the suite has less left of its budget, the first few. */
export const rowsInTime = <Row>(rows: readonly Row[], { seconds, least }: { seconds: number; least: number }): readonly Row[] => {
	const left = secondsLeft();
	if (atLength || left >= seconds) return rows;
	console.log(`${Math.max(0, Math.round(left))} s are left of this suite's budget: ${least} of ${rows.length} rows`);
	return rows.slice(0, least);
};

/** A test that only the long run has. */
export const itAtLength: (name: string, run: () => Promise<void>) => void = atLength ? it : () => {};
