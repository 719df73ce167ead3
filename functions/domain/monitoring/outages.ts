import type { Change, Outage } from '../model/outage.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** What a row remembers of its outages, and a walk through events as well. */
export type OutageMemory = Pick<VpnConnection, 'outage' | 'interruption' | 'lastChange'> & {
	state: string | undefined;
	stateChangedAt: string;
};
type Move = { to: string; at: string; change?: Change; isRollback?: boolean };

/** Phase 1 lives for a day by default: what a change broke may show only with the next one. */
const changeCountsMs = 86_400_000;

const isDown = (state: string | undefined): boolean => state === 'Disconnected' || state === 'Error';

/**
 * The outage after a move from one state to another. It begins when the last pair is lost, or with a change that takes the tunnel
 * down and after which it does not come up; what is reset or changed meanwhile belongs to it. It ends when a pair is up.
 */
export const outageAfter = (
	before: OutageMemory,
	{ to, at, change, isRollback = false }: Move,
): Pick<OutageMemory, 'outage' | 'interruption'> => {
	const open = openOutage(before);
	if (isDown(to)) return { outage: open ?? before.interruption ?? begun(before, at), interruption: undefined };
	if (to !== 'Pending') return { outage: open === undefined ? before.outage : { ...open, to: at }, interruption: undefined };
	if (open !== undefined) return { outage: isRollback ? { ...open, rollback: change } : open, interruption: undefined };
	const interruption = before.state === 'Connected' ? { from: at, after: change } : before.interruption;
	return { outage: before.outage, interruption };
};

/** The outage that lasts, whose beginning only the state may tell. */
const openOutage = ({ outage, state, stateChangedAt }: OutageMemory): Outage | undefined => {
	if (outage !== undefined && outage.to === undefined) return outage;
	return isDown(state) ? { from: stateChangedAt } : undefined;
};

const begun = ({ lastChange }: OutageMemory, at: string): Outage => {
	const counts = lastChange !== undefined && Date.parse(at) - Date.parse(lastChange.at) <= changeCountsMs;
	return counts ? { from: at, after: lastChange } : { from: at };
};

/** The outage that an event is about: one that lasts, that has just ended, or whose end is told now. */
export const outageOfEvent = (current: VpnConnection, { outage }: VpnConnection): Outage | undefined => {
	if (outage === undefined) return undefined;
	const isToldNow = current.notified === 'down' || outage !== current.outage;
	return outage.to === undefined || isToldNow ? outage : undefined;
};
