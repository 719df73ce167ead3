import { connectionEvent } from '../../domain/model/event-of.ts';
import { bumpGeneration } from '../../domain/model/vpc.ts';
import type { PatchVpnConnection, VpnConnection } from '../../domain/model/vpn-connection.ts';
import { vpnDisabled } from '../../domain/rules/connection-rules.ts';
import { mayProbe } from '../../domain/rules/probe-rules.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; patch: PatchVpnConnection; ifMatch?: string };
type Patched = { connection: VpnConnection; pending: boolean };

/**
 * Another probe reaches the router as a new generation alone: the state stays, and no tunnel is touched. What the host before did not
 * answer says nothing of this one.
 */
export const patchVpnConnection = async (ports: Ports, { caller, id, patch, ifMatch }: Request): Promise<Patched> => {
	const patched = await retryOnStaleRead(async () => {
		const { store, clock, newEventId } = ports;
		const now = clock();
		const current = await loadVisible(store, caller, { table: 'connections', id });
		throwIfStale(current, ifMatch);
		const account = await store.get('accounts', current.accountId);
		throwIfRefused(vpnDisabled(account));
		if (current.state === 'Deleting') throw new ProblemError('illegal-state', `${id} is Deleting and cannot be changed`);
		const probe = patch.probe === undefined ? current.probe : (patch.probe ?? undefined);
		if (probe?.host === current.probe?.host) return { connection: current, pending: false };
		const vpc = await store.get('vpcs', current.vpcId);
		if (vpc === undefined) throw notFound('vpcs', current.vpcId);
		throwIfRefused(probe && mayProbe(probe.host, vpc.slots[id]?.remoteCidrs ?? []));
		const counters = current.counters && { ...current.counters, reading: undefined };
		const next = changedBy(current, { probe, unanswered: undefined, counters }, now);
		const event = connectionEvent(current, {
			who: caller.who,
			kind: 'probe',
			from: current.probe?.host,
			to: probe?.host,
			why: probe === undefined ? 'cleared' : 'set',
			now,
		});
		await store.transact([
			{ put: 'connections', next, current },
			{ put: 'vpcs', next: bumpGeneration(vpc, now), current: vpc },
			{ unchanged: 'accounts', id: current.accountId, current: account },
			record(event, newEventId),
		]);
		return { connection: next, pending: true };
	});
	if (patched.pending) await hintReconcile(ports, patched.connection.vpcId);
	return patched;
};
