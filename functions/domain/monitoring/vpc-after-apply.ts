import type { RouterReport } from '../model/report.ts';
import type { Vpc } from '../model/vpc.ts';
import { nextRetry } from './retry.ts';
import { nextRouterFacts } from './router-facts.ts';
import { hasOtherScripts } from './scripts-status.ts';
import { type Held, isMisrendered, type Outcome, type Settlement } from './settlement.ts';

type Settled = {
	settlement: Settlement;
	outcomes: Outcome[];
	rest: string[];
	report: RouterReport | undefined;
	held: Held;
	disbelieved: boolean;
};

/** The Vpc row afterwards, or undefined if it stays as it is. */
export const vpcAfter = ({ settlement, outcomes, rest, report, held, disbelieved }: Settled): Vpc | undefined => {
	const { desired, pushed, now } = settlement;
	const { vpc } = desired;
	const gone = outcomes.filter(({ next }) => next === undefined).map(({ current }) => current.id);
	const reported = typeof report?.revision === 'object' ? report.revision.generation : 0;
	const generation = reported > vpc.generation ? reported + 1 : vpc.generation;
	const appliedGeneration =
		held === 'pushed' ? Math.max(vpc.appliedGeneration, Math.min(pushed.generation, vpc.generation)) : vpc.appliedGeneration;
	const after = desired.connections.flatMap(({ connection }) => {
		const outcome = outcomes.find(({ current }) => current.id === connection.id);
		return outcome === undefined ? [connection] : (outcome.next ?? []);
	});
	const router = report === undefined || report.busy ? vpc.router : nextRouterFacts(vpc.router, report, now);
	const other = dialectOf({ router }) !== dialectOf(vpc);
	const unfinished =
		rest.length > 0 ||
		disbelieved ||
		generation !== appliedGeneration ||
		held === 'drift' ||
		// The documents of a deployment may switch after its code.
		(report !== undefined && hasOtherScripts(report, settlement.routerScripts)) ||
		after.some(
			({ state, stateReason: reason }) =>
				state === 'Pending' || state === 'Deleting' || (state === 'Error' && reason?.kind === 'transient'),
		);
	const moves =
		outcomes.some(({ again }) => again === true) ||
		// If the function ends before it has written the rest, the tick continues.
		rest.length > 0 ||
		generation !== vpc.generation ||
		(report !== undefined && isMisrendered(report, vpc)) ||
		(held === 'pushed' && pushed.generation < vpc.generation);
	const retry = unfinished || other ? retryAfter(vpc.retry, now, moves || other) : undefined;
	const forced = held === 'pushed' && pushed.generation === vpc.generation ? undefined : vpc.forced;
	const same = generation === vpc.generation && appliedGeneration === vpc.appliedGeneration && gone.length === 0;
	if (same && router === vpc.router && retry === vpc.retry && forced === vpc.forced) return undefined;
	const slots = Object.fromEntries(Object.entries(vpc.slots).filter(([id]) => !gone.includes(id)));
	return { ...vpc, slots, generation, appliedGeneration, forced, router, retry, updatedAt: now.toISOString() };
};

/** If the router turns out to run another daemon, everything has to be rendered again. */
export const dialectOf = ({ router }: Pick<Vpc, 'router'>): string => `${router?.flavor}/${router?.version}`;

/** What leads on takes one pass, or a few. A router that has something new each time waits as one does that fails. */
const mostMoves = 10;

const retryAfter = (before: Vpc['retry'], now: Date, moves: boolean): NonNullable<Vpc['retry']> => {
	const made = before?.moves ?? 0;
	if (moves && made < mostMoves) return { ...nextRetry(undefined, now, true), moves: made + 1 };
	return { ...nextRetry(before, now), ...(made === 0 ? {} : { moves: made }) };
};
