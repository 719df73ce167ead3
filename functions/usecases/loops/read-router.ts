import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import type { Store } from '../../ports.ts';

export type RouterRows = { vpc: Vpc; connections: VpnConnection[] };
export type WholeRouterRows = RouterRows & { customerGateways: CustomerGateway[] };

/** The router's aggregate and the rows of its slots, by key: an index may lag, and a stale answer would tear down live tunnels. */
export const readRouter = async (store: Store, vpcId: string): Promise<WholeRouterRows | undefined> => {
	const vpc = await store.get('vpcs', vpcId);
	if (vpc === undefined) return undefined;
	const [connections, customerGateways] = await Promise.all([
		store.getMany('connections', Object.keys(vpc.slots)),
		gatewaysOf(store, vpc),
	]);
	return { vpc, connections, customerGateways };
};

const gatewaysOf = (store: Store, { slots }: Vpc): Promise<CustomerGateway[]> =>
	store.getMany(
		'customerGateways',
		Object.values(slots).map(({ customerGatewayId }) => customerGatewayId),
	);

/** What a check that finds nothing new needs to know about many routers, in a few calls: no customer gateways. */
export const readWatched = async (store: Store, vpcIds: readonly string[]): Promise<RouterRows[]> => {
	const vpcs = await store.getMany('vpcs', vpcIds, { mayLag: true });
	const connections = await store.getMany(
		'connections',
		vpcs.flatMap(({ slots }) => Object.keys(slots)),
		{ mayLag: true },
	);
	const byVpc = Map.groupBy(connections, ({ vpcId }) => vpcId);
	return vpcs.map((vpc) => ({ vpc, connections: byVpc.get(vpc.id) ?? [] }));
};
