import { readFileSync } from 'node:fs';

/** The seconds that each suite of `npm test` may take on two cores that do nothing else, in the order in which they run. */
export const budgets = {
	lint: 10,
	types: 15,
	synthesis: 35,
	unit: 20,
	local: 260,
	e2e: 480,
} as const;
/** For `npm run test:long`, whose tables are whole. */
const longBudgets = { ...budgets, unit: 60, e2e: 9_000 };

/** A busy machine is slower than that: only this many times its budget, and a minute, make a suite fail. */
const tolerance = 3;
const graceSeconds = 60;

type Taken = { suite: string; seconds: number };
export type Verdict = { ok: boolean; lines: string[] };

export const judge = (taken: readonly Taken[], limits: Record<string, number> = budgets): Verdict => {
	const over = taken.flatMap(({ suite, seconds }) => {
		const budget = limits[suite];
		if (budget === undefined) throw new Error(`the suite ${suite} has no budget`);
		return seconds > budget ? [{ suite, seconds, budget, fails: seconds > tolerance * budget + graceSeconds }] : [];
	});
	const times = taken.map(({ suite, seconds }) => `${suite} ${seconds} of ${limits[suite]} s`);
	return {
		ok: !over.some(({ fails }) => fails),
		lines: [
			`time: ${times.join(', ')}`,
			...over.map(
				({ suite, seconds, budget, fails }) =>
					`${fails ? 'FAILED' : 'warning'}: the suite ${suite} took ${seconds} s, ${seconds - budget} s over its budget of ${budget} s`,
			),
		],
	};
};

/** `node test/budgets.ts <suite>` prints a suite's budget; `node test/budgets.ts check <file>` judges the times in a file. */
if (import.meta.main) {
	const [what = '', file = ''] = process.argv.slice(2);
	const limits: Record<string, number> = process.env['LONG'] === '1' ? longBudgets : budgets;
	if (what === 'check') {
		const taken = readFileSync(file, 'utf8')
			.trim()
			.split('\n')
			.map((line) => line.split(' '))
			.map(([suite = '', seconds]) => ({ suite, seconds: Number(seconds) }));
		const { ok, lines } = judge(taken, limits);
		console.log(lines.join('\n'));
		process.exitCode = ok ? 0 : 1;
	} else console.log(limits[what]);
}
