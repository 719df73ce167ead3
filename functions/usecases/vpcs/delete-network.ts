import { checksSwitched } from '../../domain/monitoring/checks-switched.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

export const deleteNetwork = (
	{ store, clock, newEventId }: Ports,
	{ caller, id, networkId, ifMatch }: { caller: Caller; id: string; networkId: string; ifMatch?: string },
): Promise<void> =>
	retryOnStaleRead(async () => {
		const current = await loadVisible(store, caller, { table: 'vpcs', id });
		throwIfStale(current, ifMatch);
		const networks = current.networks.filter((one) => one.id !== networkId);
		if (networks.length === current.networks.length) throw new ProblemError('not-found', `${id} has no network ${networkId}`);
		const now = clock();
		const next = changedBy(current, { networks }, now);
		const events = checksSwitched(current, next, { who: caller.who, what: `the network ${networkId} was deleted`, now });
		await store.transact([{ put: 'vpcs', next, current }, ...events.map((event) => record(event, newEventId))]);
	});
