import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** Long enough to change the key on the peer device too. */
export const trialSeconds = 300;

type Connected = Pick<VpnConnection, 'state'>;

/**
 * The customer gateway with a new version of its key. The key is on trial only if a tunnel was up with the previous one: a peer
 * that was already away proves nothing. A second change during a trial keeps the last version that is known to work.
 */
export const rotated = (current: CustomerGateway, version: number, now: Date, connection?: Connected): CustomerGateway => {
	const proven = current.pskRotation?.previousVersion ?? (connection?.state === 'Connected' ? current.pskVersion : undefined);
	const deadline = new Date(now.getTime() + trialSeconds * 1_000).toISOString();
	return {
		...current,
		pskVersion: version,
		pskUpdatedAt: now.toISOString(),
		pskRollback: undefined,
		pskRotation: proven === undefined ? undefined : { previousVersion: proven, deadline },
	};
};

/** `waits`: for the cut or for the deadline. */
export const trialOf = (
	{ pskRotation, pskVersion }: Pick<CustomerGateway, 'pskRotation' | 'pskVersion'>,
	{ pskInUse, state }: Pick<VpnConnection, 'pskInUse' | 'state'>,
	now: Date,
): 'none' | 'waits' | 'proven' | 'failed' => {
	if (pskRotation === undefined) return 'none';
	if (pskInUse?.version !== pskVersion) return 'waits';
	// The cut ended all SAs, so one that is up now was made with the new key.
	if (state === 'Connected') return 'proven';
	// A router that was unreachable took the key later than it was set.
	const end = Math.max(Date.parse(pskRotation.deadline), Date.parse(pskInUse.since) + trialSeconds * 1_000);
	return state === 'Disconnected' && now.getTime() >= end ? 'failed' : 'waits';
};

export const proven = (current: CustomerGateway, now: Date): CustomerGateway => ({
	...current,
	pskRotation: undefined,
	updatedAt: now.toISOString(),
});

/** Back to the previous version. */
export const rolledBack = (current: CustomerGateway, now: Date): CustomerGateway => ({
	...current,
	pskVersion: current.pskRotation?.previousVersion ?? current.pskVersion,
	pskRotation: undefined,
	pskRollback: { version: current.pskVersion, at: now.toISOString() },
	updatedAt: now.toISOString(),
});
