import type { VpnConnection } from '../model/vpn-connection.ts';
import type { Alerting } from './alerting.ts';

export type Flapping = Pick<VpnConnection, 'lossTimes' | 'flappingSince'>;
export type FlapChange = 'none' | 'begins' | 'settles';

type Sighting = { current: VpnConnection; state: VpnConnection['state']; now: Date; alerting: Alerting };

/** Decides from the times of its losses whether a connection goes up and down too often for an alert each time. */
export const flappingAfter = ({ current, state, now, alerting }: Sighting): Flapping => {
	const { flappingSince, lossTimes = [] } = current;
	const isLoss = current.state === 'Connected' && state === 'Disconnected';
	if (flappingSince !== undefined) {
		const calmSeconds = (now.getTime() - Date.parse(current.stateChangedAt)) / 1_000;
		const settles = state === current.state && calmSeconds >= alerting.flapSettleSeconds;
		return settles ? { lossTimes: undefined, flappingSince: undefined } : { lossTimes, flappingSince };
	}
	// Old times are dropped at the next loss, so that this never costs a write of its own.
	if (!isLoss) return { lossTimes: current.lossTimes, flappingSince };
	const from = now.getTime() - alerting.flapWindowSeconds * 1_000;
	const recent = [...lossTimes.filter((time) => Date.parse(time) > from), now.toISOString()];
	if (recent.length < alerting.flapLosses) return { lossTimes: recent, flappingSince };
	return { lossTimes: recent, flappingSince: now.toISOString() };
};
