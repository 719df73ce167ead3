import { mayDeleteGateway } from '../../domain/rules/gateway-rules.ts';
import type { Ports, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; ifMatch?: string };

export const deleteVpnGateway = ({ store, clock }: Ports, { caller, id, ifMatch }: Request): Promise<void> =>
	retryOnStaleRead(async () => {
		const gateway = await loadVisible(store, caller, { table: 'vpnGateways', id });
		throwIfStale(gateway, ifMatch);
		const vpc = await store.get('vpcs', gateway.vpcId);
		const writes: Write[] = [{ remove: 'vpnGateways', current: gateway }];
		if (vpc !== undefined) {
			throwIfRefused(mayDeleteGateway(vpc, await store.getMany('connections', Object.keys(vpc.slots))));
			writes.push({ put: 'vpcs', next: changedBy(vpc, { vpnGatewayId: undefined }, clock()), current: vpc });
		}
		await store.transact(writes);
	});
