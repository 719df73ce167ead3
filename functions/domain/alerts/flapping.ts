import type { VpnConnection } from '../model/vpn-connection.ts';
import type { Alerting } from './alerting.ts';

export type Flapping = Pick<VpnConnection, 'lossTimes' | 'flappingSince'>;
export type FlapChange = 'none' | 'begins' | 'settles';

type Sighting = {
	current: VpnConnection;
	state: VpnConnection['state'];
	/** It is partly up now. */
	degraded?: boolean;
	/** The account would be alerted now that what was up is degraded. */
	tellsDegraded?: boolean;
	now: Date;
	alerting: Alerting;
};

/**
 * Decides from the times of its losses whether a connection goes up and down too often for an alert each time. That it is degraded counts
 * like a loss once it is to be told: a peer that drops one of its pairs again and again would have as many alerts sent.
 */
export const flappingAfter = ({ current, state, degraded = false, tellsDegraded = false, now, alerting }: Sighting): Flapping => {
	const { flappingSince, lossTimes = [] } = current;
	const isLoss = (current.state === 'Connected' && state === 'Disconnected') || tellsDegraded;
	if (flappingSince !== undefined) {
		const isSame = state === current.state && degraded === (current.degradedSince !== undefined);
		const calmSeconds = (now.getTime() - Date.parse(calmSince(current))) / 1_000;
		const settles = isSame && calmSeconds >= alerting.flapSettleSeconds;
		return settles ? { lossTimes: undefined, flappingSince: undefined } : { lossTimes, flappingSince };
	}
	// Old times are dropped at the next loss, so that this never costs a write of its own.
	if (!isLoss) return { lossTimes: current.lossTimes, flappingSince };
	const from = now.getTime() - alerting.flapWindowSeconds * 1_000;
	const recent = [...lossTimes.filter((time) => Date.parse(time) > from), now.toISOString()];
	if (recent.length < alerting.flapLosses) return { lossTimes: recent, flappingSince };
	return { lossTimes: recent, flappingSince: now.toISOString() };
};

const calmSince = ({ state, stateChangedAt, degradedSince, lastUp }: VpnConnection): string =>
	state === 'Connected' ? (degradedSince ?? lastUp?.from ?? stateChangedAt) : stateChangedAt;
