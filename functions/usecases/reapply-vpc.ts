import { raised, type Vpc } from '../domain/vpc.ts';
import type { Ports } from '../ports.ts';
import type { Caller } from './caller.ts';
import { decidedAnew } from './decided-anew.ts';
import { found } from './found.ts';
import { hintReconcile } from './hint.ts';
import { changedBy } from './new-entity.ts';
import { pendAll } from './pend-connections.ts';

/** Everything of the router again, as if it had been changed. */
export const reapplyVpc = async (ports: Ports, { caller, id }: { caller: Caller; id: string }): Promise<Vpc> => {
	const vpc = await decidedAnew(async () => {
		const now = ports.clock();
		const was = await found(ports.store, caller, { table: 'vpcs', id });
		const item = raised(changedBy(was, {}, now), now);
		const pends = await pendAll(ports, was, { who: caller.who, why: 'reapply', now });
		await ports.store.transact([{ put: 'vpcs', item, was }, ...pends]);
		return item;
	});
	await hintReconcile(ports, id);
	return vpc;
};
