import type { CreateVpnGateway, VpnGateway } from '../../domain/model/vpn-gateway.ts';
import { vpnDisabled } from '../../domain/rules/connection-rules.ts';
import { mayCreateGateway, sourceNatIp } from '../../domain/rules/gateway-rules.ts';
import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { changedBy, newEntity } from '../shared/new-entity.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

/** One gateway per VPC (invariant 1). The router has nothing to hold before the first connection. */
export const createVpnGateway = (
	ports: Ports,
	{ caller, input }: { caller: Caller; input: CreateVpnGateway },
): Promise<VpnGateway> =>
	retryOnStaleRead(async () => {
		const { store, clock, newId } = ports;
		const now = clock();
		const vpc = await loadVisible(store, caller, { table: 'vpcs', id: input.vpcId, pointer: '/vpcId' });
		const accountId = accountOf(caller, input.accountId ?? vpc.accountId);
		if (accountId !== vpc.accountId) throw notFound('vpcs', input.vpcId, '/vpcId');
		const account = await store.get('accounts', accountId);
		throwIfRefused(vpnDisabled(account));
		throwIfRefused(mayCreateGateway(vpc, input.publicIp));
		const next: VpnGateway = {
			id: newId('vpnGateway'),
			...newEntity(accountId, now),
			vpcId: vpc.id,
			publicIp: input.publicIp ?? sourceNatIp(vpc) ?? '',
		};
		await store.transact([
			{ put: 'vpnGateways', next, current: undefined },
			{ put: 'vpcs', next: changedBy(vpc, { vpnGatewayId: next.id }, now), current: vpc },
			{ unchanged: 'accounts', id: accountId, current: account },
		]);
		return next;
	});
