import { connectionEvent } from '../../domain/model/event-of.ts';
import { bumpGeneration } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { outageOfEvent } from '../../domain/monitoring/outages.ts';
import { freed } from '../../domain/monitoring/psk-rotation.ts';
import { transition } from '../../domain/monitoring/transitions.ts';
import type { Ports, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; force?: boolean; ifMatch?: string };

/**
 * The connection is Deleting until the router no longer has it. An admin may force the delete when a router will not come back:
 * the row goes at once, and a router that does return is cleaned, since the VPC's generation stays ahead of it. Deleting twice
 * is no error.
 */
export const deleteVpnConnection = async (
	ports: Ports,
	{ caller, id, force = false, ifMatch }: Request,
): Promise<VpnConnection> => {
	if (force && !caller.admin) throw new ProblemError('forbidden', 'only an admin may force a delete');
	const next = await retryOnStaleRead(async () => {
		const current = await loadVisible(ports.store, caller, { table: 'connections', id });
		throwIfStale(current, ifMatch);
		const vpc = await ports.store.get('vpcs', current.vpcId);
		if (vpc === undefined) throw notFound('vpcs', current.vpcId);
		const now = ports.clock();
		if (force) {
			const customerGateway = await ports.store.get('customerGateways', current.customerGatewayId);
			const { [id]: _gone, ...slots } = vpc.slots;
			const writes: Write[] = [
				{ remove: 'connections', current },
				{ put: 'vpcs', next: { ...bumpGeneration(vpc, now), slots }, current: vpc },
				record(
					connectionEvent(current, { who: caller.who, kind: 'state', from: current.state, to: 'gone', why: 'forced', now }),
					ports.newEventId,
				),
			];
			if (customerGateway !== undefined) {
				writes.push({ put: 'customerGateways', next: freed(customerGateway, now), current: customerGateway });
			}
			await ports.store.transact(writes);
			return { ...current, state: 'Deleting' as const };
		}
		if (current.state === 'Deleting') return current;
		const deleting = { ...transition(current, 'Deleting', { now, who: 'user' }), version: current.version + 1 };
		await ports.store.transact([
			{ put: 'connections', next: deleting, current },
			{ put: 'vpcs', next: bumpGeneration(vpc, now), current: vpc },
			record(
				connectionEvent(current, {
					who: caller.who,
					kind: 'state',
					from: current.state,
					to: 'Deleting',
					why: 'deleted',
					outage: outageOfEvent(current, deleting),
					now,
				}),
				ports.newEventId,
			),
		]);
		return deleting;
	});
	await hintReconcile(ports, next.vpcId);
	return next;
};
