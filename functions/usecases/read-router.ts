import type { CustomerGateway } from '../domain/customer-gateway.ts';
import type { Vpc } from '../domain/vpc.ts';
import type { VpnConnection } from '../domain/vpn-connection.ts';
import type { Store } from '../ports.ts';

export type RouterRows = { vpc: Vpc; connections: VpnConnection[]; customerGateways: CustomerGateway[] };

/** The router's aggregate and the rows of its slots, by key: an index may be behind, and a stale answer would tear live tunnels down. */
export const readRouter = async (store: Store, vpcId: string): Promise<RouterRows | undefined> => {
	const vpc = await store.get('vpcs', vpcId);
	if (vpc === undefined) return undefined;
	const [connections, customerGateways] = await Promise.all([
		store.getMany('connections', Object.keys(vpc.slots)),
		store.getMany(
			'customerGateways',
			Object.values(vpc.slots).map(({ customerGatewayId }) => customerGatewayId),
		),
	]);
	return { vpc, connections, customerGateways };
};
