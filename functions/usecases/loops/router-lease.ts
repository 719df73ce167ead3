import type { Vpc } from '../../domain/model/vpc.ts';
import type { Ports } from '../../ports.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

export type Lease = { vpcId: string; owner: string };

/**
 * About as long as an apply takes, so that a crash does not delay the next one for long. Two pushes at once do no harm: the router's
 * own lock and its generation settle them, and the lease only saves calls.
 */
const leaseMs = 60_000;

export const takeLease = ({ store, clock }: Ports, lease: Lease): Promise<Lease | undefined> =>
	retryOnStaleRead(async () => {
		const current = await store.get('vpcs', lease.vpcId);
		if (current === undefined) return undefined;
		const now = clock();
		if (current.lease !== undefined && current.lease.owner !== lease.owner && Date.parse(current.lease.until) > now.getTime())
			return undefined;
		const until = new Date(now.getTime() + leaseMs).toISOString();
		await store.transact([{ put: 'vpcs', next: { ...current, lease: { owner: lease.owner, until } }, current }]);
		return lease;
	});

/** Returns the VPC's row as it was when the lease was released. */
export const releaseLease = ({ store }: Ports, { vpcId, owner }: Lease): Promise<Vpc | undefined> =>
	retryOnStaleRead(async () => {
		const current = await store.get('vpcs', vpcId);
		if (current?.lease?.owner === owner) await store.transact([{ put: 'vpcs', next: { ...current, lease: undefined }, current }]);
		return current;
	});
