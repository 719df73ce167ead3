import { reasons } from '../model/reasons.ts';
import type { RouterReport } from '../model/report.ts';
import type { RouterAnswer } from '../model/router-answer.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { healthOfPairs } from './health.ts';
import { isAsObserved } from './pair-status.ts';
import { statusWithoutNews } from './probe-replies.ts';

/**
 * The connections that a check has to evaluate: those of which the answer says something new, or for which time alone may change
 * something. Of all others an evaluation would find the row as it is.
 */
export const unlikeLastCheck = (connections: readonly VpnConnection[], answer: RouterAnswer): VpnConnection[] => {
	if ('silence' in answer || answer.report.busy) return [];
	const { report } = answer;
	return connections.filter((connection) => isWatched(connection) && !isAsLastChecked(connection, report));
};

/** A check says something of it; of all others only a reconcile does. */
export const isWatched = ({ state }: VpnConnection): boolean =>
	state === 'Connected' || state === 'Disconnected' || state === 'Error';

const isAsLastChecked = (connection: VpnConnection, { connections }: RouterReport): boolean => {
	// Only reconcile moves it on, but one that began during a mute is still to be notified.
	if (connection.state === 'Error') return connection.notified === 'down';
	const line = connections.find(({ connectionId }) => connectionId === connection.id);
	if (line === undefined || connection.keyOnTrial === true || connection.flappingSince !== undefined) return false;
	const status = statusWithoutNews(connection, line);
	if (status === undefined) return false;
	// What is transient is tried again with each check.
	if (status.code !== undefined && reasons[status.code].kind === 'transient') return false;
	return (
		isAsObserved(connection.observed, status) &&
		isSettled(connection, healthOfPairs(status.up, status.code, connection.routeTrouble?.code))
	);
};

/** The account has been notified of this health, or is not to be. */
const isSettled = ({ state, notified, degradedSince }: VpnConnection, health: 'up' | 'degraded' | 'down'): boolean => {
	if (health === 'down')
		return state === 'Disconnected' && degradedSince === undefined && (notified === 'down' || notified === 'none');
	return state === 'Connected' && notified === health && (degradedSince !== undefined) === (health === 'degraded');
};
