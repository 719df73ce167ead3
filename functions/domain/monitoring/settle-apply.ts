import { type ConnectionChange, type Decision, nothing } from '../model/decision.ts';
import type { DesiredConnection } from '../model/desired-router.ts';
import type { RouterReport } from '../model/report.ts';
import type { Vpc } from '../model/vpc.ts';
import { believable } from './believable.ts';
import { eventOfApply } from './event-of-apply.ts';
import { outcomeOf } from './outcome-of-apply.ts';
import { type Held, isMisrendered, type Outcome, type Settlement } from './settlement.ts';
import { dialectOf, vpcAfter } from './vpc-after-apply.ts';

/** Decides what an apply changes. A router that cannot be reached is an outcome like any other. */
export const settleApply = (told: Settlement): Decision => {
	const settlement = { ...told, answer: believable(told.desired.vpc, told.answer) };
	const { desired, answer, pushed } = settlement;
	const report = 'report' in answer ? answer.report : undefined;
	const held =
		report === undefined || report.busy || isMisrendered(report, desired.vpc) ? undefined : heldGeneration(report, settlement);
	const beyond = typeof report?.revision === 'object' && report.revision.generation > desired.vpc.generation;
	const all = desired.connections
		.filter(({ connection }) => pushed.revisions === undefined || pushed.revisions[connection.id] === connection.desiredRevision)
		.map((one) => outcomeOf(one, { settlement, report: held === undefined ? undefined : report, held }));
	const outcomes = portionOf(all);
	const rest = all.slice(outcomes.length).map(({ current }) => current.id);
	const disbelieved = answer !== told.answer;
	const vpc = vpcAfter({ settlement, outcomes, rest, report, held, disbelieved });
	return {
		...decided(settlement, outcomes, { vpc, again: beyond || outcomes.some(({ again }) => again === true), report }),
		rest,
	};
};

/** DynamoDB's 100 items per transaction, less the VPC's row. */
const mostItems = 99;

/** As many outcomes as one transaction holds. A removed connection takes three items: its row, its customer gateway's and an event. */
const portionOf = (outcomes: readonly Outcome[]): Outcome[] => {
	let items = 0;
	const end = outcomes.findIndex(({ next }) => {
		items += next === undefined ? 3 : 2;
		return items > mostItems;
	});
	return outcomes.slice(0, end === -1 ? outcomes.length : end);
};

const heldGeneration = ({ revision, connections }: RouterReport, { pushed, desired }: Settlement): Held => {
	if (revision === 'drift') return 'drift';
	// A router from which everything was removed may no longer know the generation either.
	if (revision === 'none') return connections.length === 0 && desired.connections.every(isLeaving) ? 'pushed' : undefined;
	return revision.generation === pushed.generation ? 'pushed' : undefined;
};

const isLeaving = ({ connection }: DesiredConnection): boolean =>
	connection.state === 'Deleting' || (connection.state === 'Error' && connection.stateReason?.kind === 'refused');

type Rest = { vpc: Vpc | undefined; again: boolean; report: RouterReport | undefined };

const decided = (settlement: Settlement, outcomes: Outcome[], { vpc, again, report }: Rest): Decision => {
	const { desired } = settlement;
	const changes: ConnectionChange[] = outcomes
		.filter(({ current, next }) => next !== current)
		.map(({ current, next }) => ({ current, next }));
	const events = outcomes.flatMap((outcome) => eventOfApply(outcome, settlement, report) ?? []);
	const other = vpc !== undefined && dialectOf(vpc) !== dialectOf(desired.vpc);
	const gone = changes.filter(({ next }) => next === undefined);
	return {
		...nothing,
		vpc,
		connections: changes,
		freed: gone.map(({ current }) => current.customerGatewayId),
		events,
		reconcile: again || other || desired.vpc.generation > settlement.pushed.generation,
		alerts: events.some(({ alert }) => alert !== undefined),
	};
};
