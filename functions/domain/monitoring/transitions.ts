import type { ConnectionState, StateReason, VpnConnection } from '../model/vpn-connection.ts';

export type Mover = 'user' | 'reconcile' | 'check';

/** From which state to which, and by whom. A connection is born Pending, and only one that is Deleting goes. */
export const transitions: Record<ConnectionState, Partial<Record<ConnectionState, readonly Mover[]>>> = {
	Pending: {
		Pending: ['user'],
		Connected: ['reconcile'],
		Disconnected: ['reconcile'],
		Error: ['reconcile'],
		Deleting: ['user'],
	},
	Connected: { Disconnected: ['check'], Pending: ['user'], Deleting: ['user'] },
	Disconnected: { Connected: ['check'], Pending: ['user'], Deleting: ['user'] },
	// Reconcile moves only an Error of kind `transient`, which heals by itself.
	Error: { Pending: ['user', 'reconcile'], Deleting: ['user'] },
	Deleting: {},
};

export const canMove = (from: ConnectionState, to: ConnectionState, who: Mover): boolean =>
	transitions[from][to]?.includes(who) ?? false;

/** The states from which `who` may move a connection to `to`. */
export const priorsOf = (to: ConnectionState, who: Mover): ConnectionState[] =>
	(Object.keys(transitions) as ConnectionState[]).filter((from) => canMove(from, to, who));

type Move = { now: Date; reason?: StateReason; who?: Mover };

/** The connection in its new state. An illegal move is a defect of ours and throws. */
export const transition = (connection: VpnConnection, to: ConnectionState, { now, reason, who }: Move): VpnConnection => {
	const movers = transitions[connection.state][to] ?? [];
	if (who === undefined ? movers.length === 0 : !movers.includes(who)) {
		throw new Error(`${connection.id} cannot go from ${connection.state} to ${to}${who === undefined ? '' : ` by ${who}`}`);
	}
	const at = now.toISOString();
	return { ...connection, state: to, stateReason: reason, stateChangedAt: at, updatedAt: at };
};

/** Pending again with a revision of its own, so that a reset, a change and a re-apply all reach the router as a change. */
export const pended = (connection: VpnConnection, now: Date): VpnConnection => ({
	...transition(connection, 'Pending', { now, who: 'user' }),
	desiredRevision: connection.desiredRevision + 1,
	degradedSince: undefined,
});
