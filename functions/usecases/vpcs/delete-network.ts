import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

export const deleteNetwork = (
	{ store, clock }: Ports,
	{ caller, id, networkId }: { caller: Caller; id: string; networkId: string },
): Promise<void> =>
	retryOnStaleRead(async () => {
		const was = await loadVisible(store, caller, { table: 'vpcs', id });
		const networks = was.networks.filter((one) => one.id !== networkId);
		if (networks.length === was.networks.length) throw new ProblemError('not-found', `${id} has no network ${networkId}`);
		await store.transact([{ put: 'vpcs', item: changedBy(was, { networks }, clock()), was }]);
	});
