import type { VpnConnection } from '../model/vpn-connection.ts';
import type { Alerting } from './alerting.ts';

export type Flapping = Pick<VpnConnection, 'lossTimes' | 'flappingSince'>;
export type FlapChange = 'none' | 'begins' | 'settles';

type Look = { current: VpnConnection; state: VpnConnection['state']; now: Date; alerting: Alerting };

/** Whether a connection goes up and down too often to be told each time, from the times of its losses. */
export const flappingAfter = ({ current, state, now, alerting }: Look): Flapping => {
	const { flappingSince, lossTimes = [] } = current;
	const isLoss = current.state === 'Connected' && state === 'Disconnected';
	if (flappingSince !== undefined) {
		const calmSeconds = (now.getTime() - Date.parse(current.stateChangedAt)) / 1_000;
		const settles = state === current.state && calmSeconds >= alerting.flapSettleSeconds;
		return settles ? { lossTimes: undefined, flappingSince: undefined } : { lossTimes, flappingSince };
	}
	// Times are forgotten with the next loss, so that none of it costs a write of its own.
	if (!isLoss) return { lossTimes: current.lossTimes, flappingSince };
	const from = now.getTime() - alerting.flapWindowSeconds * 1_000;
	const recent = [...lossTimes.filter((time) => Date.parse(time) > from), now.toISOString()];
	if (recent.length < alerting.flapLosses) return { lossTimes: recent, flappingSince };
	return { lossTimes: recent, flappingSince: now.toISOString() };
};
