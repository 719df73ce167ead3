import type { CustomerGateway } from '../model/customer-gateway.ts';
import { keyTrialOf, trialSeconds } from '../model/key-trial.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

type Connected = Pick<VpnConnection, 'state'>;

/**
 * The customer gateway with a new version of its key. The key is on trial only if a tunnel was up with the previous one: a peer
 * that was already away proves nothing. A second change during a trial keeps the last version that is known to work.
 */
export const rotated = (current: CustomerGateway, version: number, now: Date, connection?: Connected): CustomerGateway => {
	const last = connection?.state === 'Connected' ? current.pskVersion : undefined;
	const proven = connection === undefined ? undefined : (current.pskRotation?.previousVersion ?? last);
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
	customerGateway: Pick<CustomerGateway, 'pskRotation' | 'pskVersion'>,
	connection: Pick<VpnConnection, 'pskInUse' | 'state'>,
	now: Date,
): 'none' | 'waits' | 'proven' | 'failed' => {
	if (customerGateway.pskRotation === undefined) return 'none';
	const trial = keyTrialOf(customerGateway, connection);
	if (trial === undefined) return 'waits';
	// The cut ended all SAs, so one that is up now was made with the new key.
	if (connection.state === 'Connected') return 'proven';
	return connection.state === 'Disconnected' && now >= trial.until ? 'failed' : 'waits';
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

/** Free for another connection. The trial of its key ends with the connection that was to prove it: what another does says nothing of it. */
export const freed = (current: CustomerGateway, now: Date): CustomerGateway => ({
	...current,
	connectionId: undefined,
	pskRotation: undefined,
	updatedAt: now.toISOString(),
});
