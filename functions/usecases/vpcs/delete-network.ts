import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { decidedAnew } from '../shared/decided-anew.ts';
import { found } from '../shared/found.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError } from '../shared/problem-error.ts';

export const deleteNetwork = (
	{ store, clock }: Ports,
	{ caller, id, networkId }: { caller: Caller; id: string; networkId: string },
): Promise<void> =>
	decidedAnew(async () => {
		const was = await found(store, caller, { table: 'vpcs', id });
		const networks = was.networks.filter((one) => one.id !== networkId);
		if (networks.length === was.networks.length) throw new ProblemError('not-found', `${id} has no network ${networkId}`);
		await store.transact([{ put: 'vpcs', item: changedBy(was, { networks }, clock()), was }]);
	});
