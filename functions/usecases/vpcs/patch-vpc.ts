import { bumpGeneration, type PatchVpc, type Vpc } from '../../domain/model/vpc.ts';
import { movedRouter } from '../../domain/monitoring/retired-routers.ts';
import { mayPatchVpc } from '../../domain/rules/vpc-rules.ts';
import type { Ports, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { pendAll } from '../shared/pend-connections.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { routerKey } from '../shared/router-key.ts';
import { routerTaken } from './create-vpc.ts';

type Request = { caller: Caller; id: string; patch: PatchVpc; ifMatch?: string };

/** Whether the router must hold something else after the change. */
const reachesRouter = (was: Vpc, is: Vpc): boolean =>
	was.cidr !== is.cidr ||
	was.routerInstanceId !== is.routerInstanceId ||
	JSON.stringify(was.publicIps) !== JSON.stringify(is.publicIps);

/** Omitted is unchanged. What the router must see moves its connections to Pending. */
export const patchVpc = (ports: Ports, { caller, id, patch, ifMatch }: Request): Promise<{ vpc: Vpc; pending: boolean }> =>
	retryOnStaleRead(async () => {
		const { store, clock } = ports;
		const now = clock();
		const was = await loadVisible(store, caller, { table: 'vpcs', id });
		throwIfStale(was, ifMatch);
		const gateway = was.vpnGatewayId === undefined ? undefined : await store.get('vpnGateways', was.vpnGatewayId);
		throwIfRefused(mayPatchVpc(was, patch, gateway));
		const { routerInstanceId = was.routerInstanceId } = patch;
		const moves: Write[] = [];
		let from = was;
		if (routerInstanceId !== was.routerInstanceId) {
			from = movedRouter(was, routerInstanceId, now);
			const owner = await store.holderOf('vpcs', routerKey(routerInstanceId));
			if (owner !== undefined && owner !== id) throw routerTaken(routerInstanceId, owner);
			if (owner === undefined) moves.push({ claim: 'vpcs', key: routerKey(routerInstanceId), owner: id });
			// One that is still to be cleaned stays this VPC's.
			const keeps = from.retired?.some(({ instanceId }) => instanceId === was.routerInstanceId);
			if (!keeps) moves.push({ release: 'vpcs', key: routerKey(was.routerInstanceId) });
		}
		const changed = changedBy(from, patch, now);
		const pending = Object.keys(was.slots).length > 0 && reachesRouter(was, changed);
		const item = pending ? bumpGeneration(changed, now) : changed;
		const pends = pending ? await pendAll(ports, was, { who: caller.who, why: 'the VPC was changed', now }) : [];
		await store.transact([{ put: 'vpcs', item, was }, ...moves, ...pends]);
		if (pending || changed.retired !== was.retired) await hintReconcile(ports, id);
		return { vpc: item, pending };
	});
