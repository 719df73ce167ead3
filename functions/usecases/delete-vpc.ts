import { mayDeleteVpc } from '../domain/vpc-rules.ts';
import type { Ports } from '../ports.ts';
import type { Caller } from './caller.ts';
import { decidedAnew } from './decided-anew.ts';
import { found, matches } from './found.ts';
import { allow } from './problem-error.ts';
import { routerKey } from './router-key.ts';

type Request = { caller: Caller; id: string; force?: boolean; ifMatch?: string };

export const deleteVpc = ({ store }: Ports, { caller, id, force, ifMatch }: Request): Promise<void> =>
	decidedAnew(async () => {
		const vpc = await found(store, caller, { table: 'vpcs', id });
		matches(vpc, ifMatch);
		allow(mayDeleteVpc(vpc, { force }));
		await store.transact([
			{ remove: 'vpcs', item: vpc },
			{ release: 'vpcs', key: routerKey(vpc.routerInstanceId) },
			...(vpc.retired ?? []).map(({ instanceId }) => ({ release: 'vpcs' as const, key: routerKey(instanceId) })),
		]);
	});
