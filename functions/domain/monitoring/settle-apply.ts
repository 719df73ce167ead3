import { connectionAlert, isMuted } from '../alerts/owed-alert.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import { type ConnectionChange, type Decision, type EventDraft, nothing } from '../model/decision.ts';
import type { DesiredConnection, DesiredRouter } from '../model/desired-router.ts';
import { connectionEvent } from '../model/event-of.ts';
import { reasons } from '../model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import { type RouterAnswer, reasonOfSilence } from '../model/router-answer.ts';
import { stateReason } from '../model/state-reason.ts';
import type { Vpc } from '../model/vpc.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { unknownRouter } from '../rules/router-capabilities.ts';
import { believable } from './believable.ts';
import { detailOf } from './detail-of-steps.ts';
import { healthOfPairs } from './health.ts';
import { outageOfEvent } from './outages.ts';
import { nextRetry, unreachableTooLong } from './retry.ts';
import { nextRouterFacts } from './router-facts.ts';
import { hasOtherScripts } from './scripts-status.ts';
import { transition } from './transitions.ts';

export type Settlement = {
	/** The rows as they are now, possibly newer than what was pushed. */
	desired: DesiredRouter;
	refused: readonly { connectionId: string; reason: StateReason }[];
	answer: RouterAnswer;
	/**
	 * The generation that was pushed, and the `desiredRevision` at that time of each connection of the router, including those left
	 * out of the bundle; by default those of `desired`. After a first portion, only those of its `rest`.
	 */
	pushed: { generation: number; revisions?: Readonly<Record<string, number>> };
	now: Date;
	docsBaseUrl?: string;
	/** The version of the scripts that an apply installs. */
	routerScripts?: string;
};

/** The outcome for one connection: gone if `next` is undefined, unchanged if it is `current`. */
type Outcome = { current: VpnConnection; next: VpnConnection | undefined; again?: boolean };

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

/** What the router holds according to its report: the pushed generation, part of it (`drift`), or something else. */
type Held = 'pushed' | 'drift' | undefined;

const heldGeneration = ({ revision, connections }: RouterReport, { pushed, desired }: Settlement): Held => {
	if (revision === 'drift') return 'drift';
	// A router from which everything was removed may no longer know the generation either.
	if (revision === 'none') return connections.length === 0 && desired.connections.every(isLeaving) ? 'pushed' : undefined;
	return revision.generation === pushed.generation ? 'pushed' : undefined;
};

const isLeaving = ({ connection }: DesiredConnection): boolean =>
	connection.state === 'Deleting' || (connection.state === 'Error' && connection.stateReason?.kind === 'refused');

/** Rendered for the wrong family: what the router made of it says nothing about the connections. */
const isMisrendered = ({ flavor }: RouterReport, { router }: Vpc): boolean => flavor !== (router ?? unknownRouter).flavor;

type Context = { settlement: Settlement; report: RouterReport | undefined; held: Held };

const outcomeOf = (
	{ connection: current, customerGateway }: DesiredConnection,
	{ settlement, report, held }: Context,
): Outcome => {
	const { refused, now, answer, desired } = settlement;
	const refusal = refused.find(({ connectionId }) => connectionId === current.id);
	if (current.state === 'Pending' && refusal !== undefined) return { current, next: errored(current, refusal.reason, now) };
	if (refusal !== undefined && current.state === 'Error' && current.stateReason?.kind === 'transient') {
		return { current, next: { ...current, stateReason: refusal.reason, updatedAt: now.toISOString() } };
	}
	const line = report?.connections.find(({ connectionId }) => connectionId === current.id);
	if (current.state === 'Deleting') return { current, next: held === 'pushed' && line === undefined ? undefined : current };
	const error = line && errorOf(line, report?.steps);
	if (line !== undefined && current.state === 'Pending')
		return { current, next: settled(current, { line, error, now, customerGateway }) };
	if (line !== undefined && current.state === 'Error' && current.stateReason?.kind === 'transient')
		return healed(current, { error, said: detailOf(line, report?.steps) !== undefined, now });
	if (current.state === 'Pending' && (needsSomebody(answer) || unreachableTooLong(current, desired.vpc.retry, now)))
		return { current, next: errored(current, outOfReach(answer), now) };
	return { current, next: current };
};

/** Trying again is of no use until somebody has done what the answer says. */
const needsSomebody = (answer: RouterAnswer): boolean => 'silence' in answer && answer.silence.code === 'tool-missing';

/** Also for a router that answers without taking the configuration: Pending must not last for ever. */
const outOfReach = (answer: RouterAnswer): StateReason => {
	if ('report' in answer) {
		const why = answer.report.steps.findLast((step) => step.startsWith('- '))?.slice(1);
		return stateReason('router-unreachable', {
			detail: ['the router answers, but has not taken the configuration', why].filter(Boolean).join(':'),
		});
	}
	const code = reasonOfSilence(answer.silence);
	return stateReason(code, { detail: `${reasons[code].meaning}: ${answer.silence.detail}` });
};

/**
 * An error sets `notified` to down even if it never was up: the account asked for this connection and has to know. While it is muted
 * `notified` stays, and the first check after the mute notifies of what is still so.
 */
const errored = (current: VpnConnection, reason: StateReason, now: Date): VpnConnection => ({
	...transition(current, 'Error', { now, reason, who: 'reconcile' }),
	notified: isMuted(current, now) ? current.notified : 'down',
	degradedSince: undefined,
});

const errorOf = (line: ConnectionReport, steps: readonly string[] | undefined): StateReason | undefined => {
	const [code, ...candidates] = line.reasons;
	const reason = code && stateReason(code, { candidates, detail: detailOf(line, steps) });
	return reason?.kind === 'down' ? undefined : reason;
};

type Answered = { line: ConnectionReport; error: StateReason | undefined; now: Date; customerGateway: CustomerGateway };

const settled = (current: VpnConnection, { line, error, now, customerGateway }: Answered): VpnConnection => {
	const { gateway, pskVersion } = customerGateway;
	if (error !== undefined) return errored(current, error, now);
	const health = healthOfPairs(line.up, line.reasons[0], current.routeTrouble?.code);
	const isUp = health !== 'down';
	const [code = isUp || !(gateway === 'any' || current.passive) ? undefined : 'waiting-for-peer', ...candidates] = line.reasons;
	const reason = code && stateReason(code, { candidates });
	const at = now.toISOString();
	const moved = transition(current, isUp ? 'Connected' : 'Disconnected', { now, reason, who: 'reconcile' });
	return {
		...moved,
		appliedRevision: current.desiredRevision,
		pskInUse: current.pskInUse?.version === pskVersion ? current.pskInUse : { version: pskVersion, since: at },
		observed: { up: line.up, reason: code, candidates, observedAt: at },
		notified: isUp && current.notified === 'none' ? 'up' : current.notified,
		lastUp: health === 'up' ? { from: at } : moved.lastUp,
		degradedSince: undefined,
	};
};

/** It heals through Pending, which the next pass ends: a transaction has one event and one move per connection. */
const healed = (
	current: VpnConnection,
	{ error, said, now }: { error: StateReason | undefined; said: boolean; now: Date },
): Outcome => {
	if (error === undefined) return { current, next: transition(current, 'Pending', { now, who: 'reconcile' }), again: true };
	// An apply that says nothing of it is not the one that found it.
	if (error.code === current.stateReason?.code && (!said || error.detail === current.stateReason.detail))
		return { current, next: current };
	return { current, next: { ...current, stateReason: error, updatedAt: now.toISOString() } };
};

type Settled = {
	settlement: Settlement;
	outcomes: Outcome[];
	rest: string[];
	report: RouterReport | undefined;
	held: Held;
	disbelieved: boolean;
};

/** The Vpc row afterwards, or undefined if it stays as it is. */
const vpcAfter = ({ settlement, outcomes, rest, report, held, disbelieved }: Settled): Vpc | undefined => {
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
	const retry = unfinished ? nextRetry(moves ? undefined : vpc.retry, now, moves) : undefined;
	const router = report === undefined || report.busy ? vpc.router : nextRouterFacts(vpc.router, report, now);
	const forced = held === 'pushed' && pushed.generation === vpc.generation ? undefined : vpc.forced;
	const same = generation === vpc.generation && appliedGeneration === vpc.appliedGeneration && gone.length === 0;
	if (same && router === vpc.router && retry === vpc.retry && forced === vpc.forced) return undefined;
	const slots = Object.fromEntries(Object.entries(vpc.slots).filter(([id]) => !gone.includes(id)));
	return { ...vpc, slots, generation, appliedGeneration, forced, router, retry, updatedAt: now.toISOString() };
};

type Rest = { vpc: Vpc | undefined; again: boolean; report: RouterReport | undefined };

const decided = (settlement: Settlement, outcomes: Outcome[], { vpc, again, report }: Rest): Decision => {
	const { desired } = settlement;
	const changes: ConnectionChange[] = outcomes
		.filter(({ current, next }) => next !== current)
		.map(({ current, next }) => ({ current, next }));
	const events = outcomes.flatMap((outcome) => eventOf(outcome, settlement, report) ?? []);
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

/** If the router turns out to run another daemon, everything has to be rendered again. */
const dialectOf = ({ router }: Vpc): string => `${router?.flavor}/${router?.version}`;

/** A DynamoDB item holds 400 kB, and forty of them go into one transaction of 4 MB. */
const mostSteps = 60;

const stepsOf = (report: RouterReport | undefined, connectionId: string): string[] | undefined => {
	const own = (report?.steps ?? []).filter((step) => step.startsWith(`${connectionId} `) || step.startsWith('- '));
	return own.length === 0 ? undefined : own.slice(-mostSteps).map((step) => step.slice(step.indexOf(' ') + 1, 500));
};

/** The outcome with the steps that led to it; for a connection that stays as it is, what was tried (F-22). */
const eventOf = (
	{ current, next }: Outcome,
	settlement: Settlement,
	report: RouterReport | undefined,
): EventDraft | undefined => {
	const { desired, now, docsBaseUrl } = settlement;
	const why = {
		why: next?.stateReason?.code,
		detail: [next?.stateReason?.detail, cutOf(current, next)].filter(Boolean).join('; ') || undefined,
	};
	const steps = stepsOf(report, current.id);
	if (next?.state === current.state) {
		const tried = report?.steps.some((step) => step.startsWith(`${current.id} `)) && !isSteady(current);
		return tried ? connectionEvent(current, { who: 'reconcile', kind: 'apply', ...why, steps, now }) : undefined;
	}
	const customerGateway = desired.connections.find(({ connection }) => connection.id === current.id)?.customerGateway;
	const alerts = next?.state === 'Error' && current.notified !== 'down';
	const alert = alerts ? connectionAlert({ current, next, vpc: desired.vpc, customerGateway, now, docsBaseUrl }) : undefined;
	const to = next?.state ?? 'gone';
	return connectionEvent(current, {
		who: 'reconcile',
		kind: 'state',
		from: current.state,
		to,
		...why,
		outage: next && outageOfEvent(current, next),
		steps,
		alert,
		now,
	});
};

/** IKEv1 main mode selects the key by the peer's address, so old and new cannot be used side by side. */
const cutOf = ({ pskInUse: before }: VpnConnection, next: VpnConnection | undefined): string | undefined =>
	before === undefined || next?.pskInUse === undefined || next.pskInUse.version === before.version
		? undefined
		: `version ${next.pskInUse.version} of the pre-shared key is in use from now on`;

const isSteady = ({ state }: VpnConnection): boolean => state === 'Connected' || state === 'Disconnected';
