import { ProblemError } from './problem-error.ts';

const mostDays = 92;
const defaultDays = 31;

export type UsageWindow = { from: string; to: string };

/** Whole hours from `from` on and before `to`, by default the last 31 days up to now. */
export const usageWindow = ({ from, to }: Partial<UsageWindow>, now: Date): UsageWindow => {
	const end = to === undefined ? now.getTime() : Date.parse(to);
	const begin = from === undefined ? end - defaultDays * 86_400_000 : Date.parse(from);
	const detail = begin >= end ? 'must be before to' : `must be within ${mostDays} days of to`;
	if (begin >= end || end - begin > mostDays * 86_400_000) {
		throw new ProblemError('invalid-request', `from ${detail}`, [{ pointer: '/from', detail }]);
	}
	return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
};
