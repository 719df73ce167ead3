import { defaultAlerting } from '../alerts/alerting.ts';
import { type FlapChange, flappingAfter } from '../alerts/flapping.ts';
import { type CheckedHealth, nextNotification } from '../alerts/notified-health.ts';
import { connectionAlert } from '../alerts/owed-alert.ts';
import type { EventDraft } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import { isMuted } from '../model/is-muted.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import { shownReason, stateReason } from '../model/state-reason.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { unsupportedBy } from '../rules/router-capabilities.ts';
import { detailOf } from './detail-of-steps.ts';
import { healthOfPairs } from './health.ts';
import { intervalsSince } from './intervals-since.ts';
import type { Observation } from './observation.ts';
import { outageOfEvent } from './outages.ts';
import { isAsObserved, observedOf, type PairStatus } from './pair-status.ts';
import { statusAfter } from './probe-replies.ts';
import { endedUp, transition } from './transitions.ts';

/** `next` is `current` if nothing but bytes has changed. */
export type Evaluated = { current: VpnConnection; next: VpnConnection; event?: EventDraft; reconcile: boolean };

/** What a report means for one connection that is Connected, Disconnected or in Error. */
export const evaluateConnection = (current: VpnConnection, observation: Observation, report: RouterReport): Evaluated => {
	if (current.state === 'Error') return evaluateError(current, observation);
	const line = report.connections.find(({ connectionId }) => connectionId === current.id);
	const { status, detail, unanswered } =
		line === undefined ? unnamed(current, observation, report) : named(current, line, { observation, report });
	const reason = status.code && stateReason(status.code, { candidates: status.candidates, detail });
	const reconcile = reason?.code === 'config-not-applied' || reason?.kind === 'transient';
	const { next, flap, alert } = nextRow(current, { status, reason, unanswered }, observation);
	const silent = next.state === current.state && next.notified === current.notified && flap === 'none';
	if (silent) return { current, next, reconcile };
	return { current, next, event: eventOf({ current, next, flap, alert }, observation), reconcile };
};

/** An error is notified of by the reconcile that finds it, but for one that began during a mute and outlasts it. */
const evaluateError = (current: VpnConnection, observation: Observation): Evaluated => {
	const { now } = observation;
	if (current.notified === 'down' || isMuted(current, now)) return { current, next: current, reconcile: false };
	const next: VpnConnection = { ...current, notified: 'down', updatedAt: now.toISOString() };
	return { current, next, event: eventOf({ current, next, flap: 'none', alert: true }, observation), reconcile: false };
};

const eventOf = ({ current, next, flap, alert }: { current: VpnConnection } & NextRow, observation: Observation): EventDraft => {
	const { vpc, now, docsBaseUrl } = observation;
	const customerGateway = customerGatewayOf(current, observation);
	return connectionEvent(current, {
		who: 'check',
		...(next.state === current.state
			? { kind: 'notified', from: current.notified, to: next.notified }
			: { kind: 'state', from: current.state, to: next.state }),
		why: shownReason(next)?.code,
		detail: shownReason(next)?.detail,
		outage: outageOfEvent(current, next),
		alert: alert ? connectionAlert({ current, next, vpc, customerGateway, now, docsBaseUrl, flap }) : undefined,
		now,
	});
};

const customerGatewayOf = ({ customerGatewayId }: VpnConnection, { customerGateways }: Observation) =>
	customerGateways.find(({ id }) => id === customerGatewayId);

type Found = { status: PairStatus; detail?: string; unanswered?: VpnConnection['unanswered'] };

type Told = { observation: Observation; report: RouterReport };

const named = (current: VpnConnection, line: ConnectionReport, { observation, report }: Told): Found => {
	const { status, unanswered } = statusAfter(current, line, observation);
	const isOfProbe = status.code === 'no-reply-through-tunnel' && unanswered !== undefined;
	const detail = isOfProbe
		? `${current.probe?.host} has answered no ping since ${unanswered.since}`
		: detailOf(line, report.steps);
	return { status, unanswered, detail };
};

/** Drift, unless it was left out of the bundle because this router does not support it: then another push would not help. */
const unnamed = (connection: VpnConnection, observation: Observation, report: RouterReport): Found => {
	const customerGateway = customerGatewayOf(connection, observation);
	const initiates = !connection.passive && customerGateway?.gateway !== 'any';
	const detail = customerGateway && unsupportedBy(report, customerGateway, { initiates });
	const code = detail === undefined ? 'config-not-applied' : 'unsupported-by-router';
	const pairs = observation.vpc.slots[connection.id]?.remoteCidrs.length ?? connection.observed?.up.length ?? 1;
	return { status: { up: Array<boolean>(pairs).fill(false), code, candidates: [] }, detail };
};

/** `alert`: the account is to be alerted. */
type NextRow = { next: VpnConnection; flap: FlapChange; alert: boolean };

type Reported = Pick<Found, 'status' | 'unanswered'> & { reason: StateReason | undefined };

const nextRow = (current: VpnConnection, { status, reason, unanswered }: Reported, observation: Observation): NextRow => {
	const { now, alerting = defaultAlerting } = observation;
	const at = now.toISOString();
	const health = healthOfPairs(status.up, status.code, current.routeTrouble?.code);
	const state = health === 'down' ? 'Disconnected' : 'Connected';
	// Where its owner mends one line of a file, the daemon may stumble over another.
	const samePlace = reason?.code !== 'foreign-config' || reason.detail === current.stateReason?.detail;
	const same = isAsObserved(current.observed, status) && samePlace;
	const moved =
		state === current.state
			? { ...current, stateReason: same ? current.stateReason : reason }
			: transition(current, state, { now, reason, who: 'check' });
	const degradedSince = health === 'degraded' ? (current.degradedSince ?? at) : undefined;
	const muted = isMuted(current, now);
	const notification = nextNotification(current.notified, {
		health,
		lasting: degradedSince !== undefined && intervalsSince(degradedSince, observation) >= 1,
		confirmed: intervalsSince(moved.stateChangedAt, observation) >= alerting.afterChecks - 1,
		muted,
	});
	const tellsDegraded = notification.alert && notification.notified === 'degraded' && current.notified === 'up';
	const degraded = health === 'degraded';
	const { lossTimes, flappingSince } = muted
		? current
		: flappingAfter({ current, state, degraded, tellsDegraded, now, alerting });
	const next: VpnConnection = {
		...moved,
		observed: same ? current.observed : observedOf(status, at),
		degradedSince,
		unanswered,
		lastUp: lastUpAfter({ current, moved, health, at }),
		notified: flappingSince === undefined && current.flappingSince !== undefined ? health : notification.notified,
		lossTimes,
		flappingSince,
		updatedAt: at,
	};
	const flap = flapOf(current, next);
	const changed =
		state !== current.state ||
		!same ||
		next.notified !== current.notified ||
		degradedSince !== current.degradedSince ||
		unanswered !== current.unanswered ||
		flappingSince !== current.flappingSince;
	return {
		next: changed ? next : current,
		flap,
		alert: flap !== 'none' || (notification.alert && flappingSince === undefined),
	};
};

type UpMove = { current: VpnConnection; moved: VpnConnection; health: CheckedHealth['health']; at: string };

const lastUpAfter = ({ current, moved, health, at }: UpMove): VpnConnection['lastUp'] => {
	if (health !== 'up') return endedUp(moved.lastUp, at);
	const { state, degradedSince, observed } = current;
	const wasDegraded = degradedSince !== undefined || observed?.up.includes(true) !== true || observed.up.includes(false);
	return state === 'Connected' && !wasDegraded && moved.lastUp?.to === undefined ? moved.lastUp : { from: at };
};

const flapOf = (current: VpnConnection, next: VpnConnection): FlapChange => {
	if (current.flappingSince === next.flappingSince) return 'none';
	return next.flappingSince === undefined ? 'settles' : 'begins';
};
