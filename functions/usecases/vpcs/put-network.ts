import type { PutNetwork, Vpc } from '../../domain/model/vpc.ts';
import { checksSwitched } from '../../domain/monitoring/checks-switched.ts';
import { mayPutNetwork } from '../../domain/rules/vpc-rules.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

/** As many as fit a VPC's row along with forty connections. */
const mostNetworks = 200;

type Request = { caller: Caller; id: string; networkId: string; network: PutNetwork; ifMatch?: string };

/** Networks decide whether the VPC is checked (F-9); nothing on the router depends on them. */
export const putNetwork = (
	{ store, clock, newEventId }: Ports,
	{ caller, id, networkId, network, ifMatch }: Request,
): Promise<Vpc> =>
	retryOnStaleRead(async () => {
		const current = await loadVisible(store, caller, { table: 'vpcs', id });
		throwIfStale(current, ifMatch);
		throwIfRefused(mayPutNetwork(current, network));
		const others = current.networks.filter((one) => one.id !== networkId);
		if (others.length >= mostNetworks) {
			const detail = `${id} has ${mostNetworks} networks, which is the limit; delete one to make another`;
			throw new ProblemError('too-many-networks', detail);
		}
		const now = clock();
		const next = changedBy(current, { networks: [...others, { id: networkId, ...network }] }, now);
		const events = checksSwitched(current, next, { who: caller.who, what: `the network ${networkId} is ${network.state}`, now });
		await store.transact([{ put: 'vpcs', next, current }, ...events.map((event) => record(event, newEventId))]);
		return next;
	});
