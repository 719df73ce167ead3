import type { CustomerGateway } from './customer-gateway.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** Long enough to change the key on the peer device too. */
export const trialSeconds = 300;

export type KeyTrial = {
	/** The one that is used again, unless a tunnel comes up by then. */
	previousVersion: number;
	until: Date;
};

/** The trial of a new pre-shared key; none before the router uses it. One that took it later than it was set has as long. */
export const keyTrialOf = (
	{ pskRotation, pskVersion }: Pick<CustomerGateway, 'pskRotation' | 'pskVersion'>,
	{ pskInUse }: Pick<VpnConnection, 'pskInUse'>,
): KeyTrial | undefined => {
	if (pskRotation === undefined || pskInUse?.version !== pskVersion) return undefined;
	const until = Math.max(Date.parse(pskRotation.deadline), Date.parse(pskInUse.since) + trialSeconds * 1_000);
	return { previousVersion: pskRotation.previousVersion, until: new Date(until) };
};
