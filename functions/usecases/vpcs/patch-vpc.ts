import { tellable } from '../../domain/model/text.ts';
import { bumpGeneration, type PatchVpc, routesChanged, type Vpc } from '../../domain/model/vpc.ts';
import { movedRouter } from '../../domain/monitoring/retired-routers.ts';
import { mayPatchVpc } from '../../domain/rules/vpc-rules.ts';
import type { Ports, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile, hintRoutes } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { inWords } from '../shared/in-words.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { pendAll } from '../shared/pend-connections.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { routerKey } from '../shared/router-key.ts';
import { throwIfTablesAreFull } from '../shared/throw-if-tables-are-full.ts';
import { routerTaken } from './create-vpc.ts';

type Request = { caller: Caller; id: string; patch: PatchVpc; ifMatch?: string };

/** The fields for which the router has to hold something else after the change. */
const changesForRouter = (current: Vpc, next: Vpc): string[] =>
	(['cidr', 'routerInstanceId', 'publicIps'] as const).filter(
		(field) => JSON.stringify(current[field]) !== JSON.stringify(next[field]),
	);

const isRerouted = (current: Vpc, next: Vpc): boolean => current.routeTableIds.join() !== next.routeTableIds.join();

/** Omitted fields stay. A change that has to reach the router moves its connections to Pending. */
export const patchVpc = (ports: Ports, { caller, id, patch, ifMatch }: Request): Promise<{ vpc: Vpc; pending: boolean }> =>
	retryOnStaleRead(async () => {
		const { store, clock } = ports;
		const now = clock();
		const current = await loadVisible(store, caller, { table: 'vpcs', id });
		throwIfStale(current, ifMatch);
		const gateway = current.vpnGatewayId === undefined ? undefined : await store.get('vpnGateways', current.vpnGatewayId);
		throwIfRefused(mayPatchVpc(current, patch, gateway));
		const { routerInstanceId = current.routerInstanceId } = patch;
		const moves: Write[] = [];
		let from = current;
		if (routerInstanceId !== current.routerInstanceId) {
			from = movedRouter(current, routerInstanceId, now);
			const owner = await store.holderOf('vpcs', routerKey(routerInstanceId));
			if (owner !== undefined && owner !== id) throw routerTaken(routerInstanceId, owner);
			if (owner === undefined) moves.push({ claim: 'vpcs', key: routerKey(routerInstanceId), owner: id });
			// A router that has yet to be cleaned stays with this VPC.
			const keeps = from.retired?.some(({ instanceId }) => instanceId === current.routerInstanceId);
			if (!keeps) moves.push({ release: 'vpcs', key: routerKey(current.routerInstanceId) });
		}
		const changed = changedBy(from, patch, now);
		const routeTableIds = changed.routeTableIds.filter((one) => !current.routeTableIds.includes(one));
		if (Object.keys(current.slots).length > 0) await throwIfTablesAreFull(ports, { ...changed, routeTableIds });
		const fields = changesForRouter(current, changed);
		const pending = Object.keys(current.slots).length > 0 && fields.length > 0;
		const next = pending ? bumpGeneration(changed, now) : isRerouted(current, changed) ? routesChanged(changed, now) : changed;
		const cause = {
			who: caller.who,
			why: 'the VPC was changed',
			changed: `${inWords(fields)} of the VPC ${tellable(current.name, id)}`,
			now,
		};
		const pends = pending ? await pendAll(ports, current, cause) : [];
		await store.transact([{ put: 'vpcs', next, current }, ...moves, ...pends]);
		if (pending || changed.retired !== current.retired) await hintReconcile(ports, id);
		else if (isRerouted(current, next)) await hintRoutes(ports, [id]);
		return { vpc: next, pending };
	});
