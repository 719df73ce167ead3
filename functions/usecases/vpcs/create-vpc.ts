import type { CreateVpc, Vpc } from '../../domain/model/vpc.ts';
import type { Ports } from '../../ports.ts';
import { countOne, throwIfQuotaIsUsed } from '../shared/account-quota.ts';
import { newEntity } from '../shared/new-entity.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { routerKey } from '../shared/router-key.ts';

export const createVpc = ({ store, clock }: Ports, input: CreateVpc): Promise<Vpc> =>
	retryOnStaleRead(async () => {
		if ((await store.get('vpcs', input.id)) !== undefined) {
			throw new ProblemError('already-exists', `the VPC ${input.id} is already registered`);
		}
		const key = routerKey(input.routerInstanceId);
		const owner = await store.holderOf('vpcs', key);
		if (owner !== undefined) throw routerTaken(input.routerInstanceId, owner);
		await throwIfQuotaIsUsed(store, 'vpcs', input.accountId);
		const next: Vpc = {
			id: input.id,
			...newEntity(input.accountId, clock()),
			name: input.name ?? input.id,
			cidr: input.cidr,
			routerInstanceId: input.routerInstanceId,
			publicIps: input.publicIps,
			networks: [],
			remoteAccessVpn: input.remoteAccessVpn ?? false,
			routeTableIds: input.routeTableIds ?? [],
			slots: {},
			generation: 0,
			appliedGeneration: 0,
		};
		await store.transact([
			{ put: 'vpcs', next, current: undefined },
			{ claim: 'vpcs', key, owner: next.id },
			countOne('vpcs', next.accountId, 1),
		]);
		return next;
	});

/** A router instance serves one VPC (invariant 7). */
export const routerTaken = (instanceId: string, vpcId: string): ProblemError => {
	const detail = `the router ${instanceId} already serves the VPC ${vpcId}`;
	return new ProblemError('in-use', detail, [{ pointer: '/routerInstanceId', detail }]);
};
