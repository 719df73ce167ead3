import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { DesiredConnection } from '../model/desired-router.ts';
import { isMuted } from '../model/is-muted.ts';
import { reasons } from '../model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import { type RouterAnswer, reasonOfSilence } from '../model/router-answer.ts';
import { stateReason } from '../model/state-reason.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { detailOf } from './detail-of-steps.ts';
import { healthOfPairs } from './health.ts';
import { unreachableTooLong } from './retry.ts';
import type { Held, Outcome, Settlement } from './settlement.ts';
import { transition } from './transitions.ts';

type Context = { settlement: Settlement; report: RouterReport | undefined; held: Held };

/** What becomes of a connection. */
export const outcomeOf = (
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
