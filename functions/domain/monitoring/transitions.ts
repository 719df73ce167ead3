import type { Change } from '../model/outage.ts';
import type { ConnectionState, StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { outageAfter } from './outages.ts';

export type Mover = 'user' | 'reconcile' | 'check';

/** Who may move a connection from which state to which. It starts as Pending, and only one that is Deleting can be removed. */
export const transitions: Record<ConnectionState, Partial<Record<ConnectionState, readonly Mover[]>>> = {
	Pending: {
		Pending: ['user'],
		Connected: ['reconcile'],
		Disconnected: ['reconcile'],
		Error: ['reconcile'],
		Deleting: ['user'],
	},
	Connected: { Disconnected: ['check'], Pending: ['user'], Deleting: ['user'] },
	// A check moves one to Pending only if the trial of a key has failed and the previous version is used again.
	Disconnected: { Connected: ['check'], Pending: ['user', 'check'], Deleting: ['user'] },
	// Reconcile moves only an Error of kind `transient`, which heals by itself.
	Error: { Pending: ['user', 'reconcile'], Deleting: ['user'] },
	Deleting: {},
};

export const canMove = (from: ConnectionState, to: ConnectionState, who: Mover): boolean =>
	transitions[from][to]?.includes(who) ?? false;

type Move = { now: Date; who: Mover; reason?: StateReason; change?: Change };

/** Throws on an illegal transition, which is a bug. */
export const transition = (connection: VpnConnection, to: ConnectionState, { now, reason, who, change }: Move): VpnConnection => {
	if (!canMove(connection.state, to, who))
		throw new Error(`${connection.id} cannot go from ${connection.state} to ${to} by ${who}`);
	const at = now.toISOString();
	return {
		...connection,
		...outageAfter(connection, { to, at, change, isRollback: who === 'check' }),
		lastUp: endedUp(connection.lastUp, at),
		state: to,
		stateReason: reason,
		stateChangedAt: at,
		updatedAt: at,
	};
};

/** What was up is not, or not all of it, or has yet to be seen. */
export const endedUp = (lastUp: VpnConnection['lastUp'], at: string): VpnConnection['lastUp'] =>
	lastUp !== undefined && lastUp.to === undefined ? { ...lastUp, to: at } : lastUp;

/** Pending with a new revision, so that a reset, a change and a return to an old key all reach the router as a change. */
export const toPending = (connection: VpnConnection, { now, who, change }: Omit<Move, 'reason'>): VpnConnection => ({
	...transition(connection, 'Pending', { now, who, change }),
	desiredRevision: connection.desiredRevision + 1,
	degradedSince: undefined,
});
