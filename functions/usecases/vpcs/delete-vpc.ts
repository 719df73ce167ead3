import { mayDeleteVpc } from '../../domain/rules/vpc-rules.ts';
import type { Ports } from '../../ports.ts';
import { countOne } from '../shared/account-quota.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { routerKey } from '../shared/router-key.ts';

/** Router names that one transaction can release: it holds 100 items in all. */
const mostNames = 90;

type Request = { caller: Caller; id: string; force?: boolean; ifMatch?: string };

/** Releases the names of all routers that the VPC has had; those that do not fit the last transaction are released before it. */
export const deleteVpc = async ({ store }: Ports, { caller, id, force, ifMatch }: Request): Promise<void> => {
	for (let deleted = false; !deleted; ) {
		deleted = await retryOnStaleRead(async () => {
			const vpc = await loadVisible(store, caller, { table: 'vpcs', id });
			throwIfStale(vpc, ifMatch);
			throwIfRefused(mayDeleteVpc(vpc, { force }));
			const { retired = [] } = vpc;
			const freed = retired.slice(-mostNames).map(({ instanceId }) => ({ release: 'vpcs' as const, key: routerKey(instanceId) }));
			const others = retired.slice(0, -mostNames);
			if (others.length > 0) await store.transact([{ put: 'vpcs', next: { ...vpc, retired: others }, current: vpc }, ...freed]);
			else {
				await store.transact([
					{ remove: 'vpcs', current: vpc },
					{ release: 'vpcs', key: routerKey(vpc.routerInstanceId) },
					countOne('vpcs', vpc.accountId, -1),
					...freed,
				]);
			}
			return others.length === 0;
		});
	}
};
