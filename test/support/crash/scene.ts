import { Secret } from '../../../functions/domain/model/secret.ts';
import { createVpnConnection } from '../../../functions/usecases/connections/create-vpn-connection.ts';
import { createCustomerGateway } from '../../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { createVpc } from '../../../functions/usecases/vpcs/create-vpc.ts';
import { patchVpc } from '../../../functions/usecases/vpcs/patch-vpc.ts';
import { putNetwork } from '../../../functions/usecases/vpcs/put-network.ts';
import { createVpnGateway } from '../../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { admin, suite, tenant, vpcId } from '../tenant.ts';
import { memoryPlatform } from './memory-platform.ts';

export const routerId = 'i-0123456789abcdef0';
export const otherRouterId = 'i-00000000000000002';
export const routeTableId = 'rtb-0000000a';
export const peerOf = (n: number): string => `192.0.2.${n}`;

/** The office behind 192.0.2.n, with 10.n.0.0/24. */
export const office = (n: number) => ({ name: `office ${n}`, gateway: peerOf(n), remoteCidrs: [`10.${n}.0.0/24`], ...suite });
export const keyOf = (n: number): string => `secret number ${n}`;

/** A tenant with a VPC and a VPN gateway on a platform of its own. */
export const aScene = async () => {
	const platform = memoryPlatform();
	const { ports } = platform;
	await createVpc(ports, {
		id: vpcId,
		accountId: 'acme',
		cidr: '10.1.0.0/16',
		routerInstanceId: routerId,
		publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	});
	const network = { cidr: '10.1.1.0/24', state: 'Implemented' } as const;
	await putNetwork(ports, { caller: admin, id: vpcId, networkId: 'n', network });
	const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: tenant, input: { vpcId } });
	const customerGateway = async (n = 2) => {
		const input = { ...office(n), psk: new Secret(keyOf(n)) };
		return (await createCustomerGateway(ports, { caller: tenant, input })).customerGateway;
	};
	/** A Pending connection, whose reconcile is hinted. */
	const connect = async (n = 2) => {
		const { id: customerGatewayId } = await customerGateway(n);
		return (await createVpnConnection(ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId } })).connection;
	};
	return {
		...platform,
		vpnGatewayId,
		customerGateway,
		connect,
		/** A Connected one. */
		async connected(n = 2) {
			const connection = await connect(n);
			await platform.pass(1);
			return connection;
		},
		router: platform.fleet.routerOf(routerId),
		/** Gives the VPC route tables, and returns what is in the first. */
		async routed(...tableIds: string[]): Promise<Map<string, string>> {
			const ids = tableIds.length === 0 ? [routeTableId] : tableIds;
			for (const id of ids) platform.memory.ec2.tables.set(id, new Map());
			await patchVpc(ports, { caller: admin, id: vpcId, patch: { routeTableIds: ids } });
			return platform.memory.ec2.tables.get(ids[0] ?? '') ?? new Map();
		},
	};
};
export type Scene = Awaited<ReturnType<typeof aScene>>;
