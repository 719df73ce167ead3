import { bumpGeneration, type Vpc } from '../../domain/model/vpc.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { pendAll } from '../shared/pend-connections.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

/** Everything of the router again, as if it had been changed. */
export const reapplyVpc = async (ports: Ports, { caller, id }: { caller: Caller; id: string }): Promise<Vpc> => {
	const vpc = await retryOnStaleRead(async () => {
		const now = ports.clock();
		const current = await loadVisible(ports.store, caller, { table: 'vpcs', id });
		const next = bumpGeneration(changedBy(current, {}, now), now);
		const pends = await pendAll(ports, current, { who: caller.who, why: 'reapply', now });
		await ports.store.transact([{ put: 'vpcs', next, current }, ...pends]);
		return next;
	});
	await hintReconcile(ports, id);
	return vpc;
};
