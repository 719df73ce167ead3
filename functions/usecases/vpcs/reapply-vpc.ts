import { routerEvent } from '../../domain/model/event-of.ts';
import { bumpGeneration, forceGeneration, type Vpc } from '../../domain/model/vpc.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; force?: boolean };

/**
 * Has the router's whole configuration pushed again. No connection changes its state: what the router has right stays untouched.
 * With `force`, whatever generation the router has stored.
 */
export const reapplyVpc = async (ports: Ports, { caller, id, force = false }: Request): Promise<Vpc> => {
	const { store, clock, newEventId } = ports;
	const vpc = await retryOnStaleRead(async () => {
		const now = clock();
		const current = await loadVisible(store, caller, { table: 'vpcs', id });
		const changed = changedBy(current, {}, now);
		const next = force ? forceGeneration(changed, now) : bumpGeneration(changed, now);
		const event = routerEvent(current, { who: caller.who, why: force ? 'reapply-forced' : 'reapply', now });
		await store.transact([{ put: 'vpcs', next, current }, record(event, newEventId)]);
		return next;
	});
	await hintReconcile(ports, id);
	return vpc;
};
