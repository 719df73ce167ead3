import { beyondGenerations } from '../model/generation.ts';
import type { RouterAnswer } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';

/** How far ahead of ours a router may be and still be believed: a table that was restored from yesterday's backup is not further behind. */
const mostAhead = 100_000;

/**
 * The answer as far as it can be true. A router that names a generation which no apply of ours can have had speaks of something
 * that we never sent: its report says nothing about tunnels, and never moves our own generation.
 */
export const believable = ({ generation }: Pick<Vpc, 'generation'>, answer: RouterAnswer): RouterAnswer =>
	'report' in answer && isBeyond(generation, answer) ? { silence: beyond(answer) } : answer;

type Reported = Extract<RouterAnswer, { report: object }>;

const isBeyond = (generation: number, { report: { revision } }: Reported): boolean =>
	typeof revision === 'object' &&
	revision.generation > generation &&
	(revision.generation > generation + mostAhead || revision.generation + 1 >= beyondGenerations);

const beyond = ({ report: { revision } }: Reported) => ({
	code: 'unreadable' as const,
	detail: `it reports generation ${typeof revision === 'object' ? revision.generation : revision}, which it was never sent; an admin can override it with POST /v1/vpcs/{id}/reapply?force=true`,
});
