import { bumpGeneration } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { canMove } from '../../domain/monitoring/transitions.ts';
import { vpnDisabled } from '../../domain/rules/connection-rules.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { pend } from '../shared/pend-connections.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; ifMatch?: string };

/** A change like any other: the new revision makes the router take the connection down and bring it up again. */
export const resetVpnConnection = async (ports: Ports, { caller, id, ifMatch }: Request): Promise<VpnConnection> => {
	const vpcId = await retryOnStaleRead(async () => {
		const { store, clock, newEventId } = ports;
		const now = clock();
		const current = await loadVisible(store, caller, { table: 'connections', id });
		throwIfStale(current, ifMatch);
		const account = await store.get('accounts', current.accountId);
		throwIfRefused(vpnDisabled(account));
		if (!canMove(current.state, 'Pending', 'user'))
			throw new ProblemError('illegal-state', `${id} is ${current.state} and cannot be reset`);
		const vpc = await store.get('vpcs', current.vpcId);
		if (vpc === undefined) throw notFound('vpcs', current.vpcId);
		await store.transact([
			...pend(current, { who: caller.who, why: 'reset', now }, newEventId),
			{ put: 'vpcs', next: bumpGeneration(vpc, now), current: vpc },
			{ unchanged: 'accounts', id: current.accountId, current: account },
		]);
		return current.vpcId;
	});
	await hintReconcile(ports, vpcId);
	return loadVisible(ports.store, caller, { table: 'connections', id });
};
