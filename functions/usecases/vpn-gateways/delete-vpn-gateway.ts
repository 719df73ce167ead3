import { mayDeleteGateway } from '../../domain/rules/gateway-rules.ts';
import type { Ports, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { decidedAnew } from '../shared/decided-anew.ts';
import { found, matches } from '../shared/found.ts';
import { changedBy } from '../shared/new-entity.ts';
import { allow } from '../shared/problem-error.ts';

type Request = { caller: Caller; id: string; ifMatch?: string };

export const deleteVpnGateway = ({ store, clock }: Ports, { caller, id, ifMatch }: Request): Promise<void> =>
	decidedAnew(async () => {
		const gateway = await found(store, caller, { table: 'vpnGateways', id });
		matches(gateway, ifMatch);
		const vpc = await store.get('vpcs', gateway.vpcId);
		const writes: Write[] = [{ remove: 'vpnGateways', item: gateway }];
		if (vpc !== undefined) {
			allow(mayDeleteGateway(vpc));
			writes.push({ put: 'vpcs', item: changedBy(vpc, { vpnGatewayId: undefined }, clock()), was: vpc });
		}
		await store.transact(writes);
	});
