import type { PatchCustomerGateway } from '../../functions/domain/model/customer-gateway.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { patchCustomerGateway } from '../../functions/usecases/customer-gateways/patch-customer-gateway.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import type { Caller } from '../../functions/usecases/shared/caller.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { putNetwork } from '../../functions/usecases/vpcs/put-network.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { memoryPorts } from './memory-ports.ts';
import { obedientRouter } from './obedient-router.ts';

export const admin: Caller = { who: 'root', admin: true };
export const tenant: Caller = { who: 'jo', accountId: 'acme', admin: false };
export const vpcId = 'vpc-0a1b2c3d';
export const suite = {
	ike: { version: 'ikev1', encryption: 'aes128', hash: 'sha1', dhGroup: 5, lifetimeSeconds: 86_400 },
	esp: { encryption: 'aes128', hash: 'sha1', pfsGroup: null, lifetimeSeconds: 3_600 },
} as const;

/** A tenant with a VPC, its gateway and an obedient router, all in memory. */
export const aTenant = async () => {
	const memory = memoryPorts();
	const router = obedientRouter(memory);
	const { ports } = memory;
	await createVpc(ports, {
		id: vpcId,
		accountId: 'acme',
		cidr: '10.1.0.0/16',
		routerInstanceId: 'i-0123456789abcdef0',
		publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	});
	const network = { cidr: '10.1.1.0/24', state: 'Implemented' } as const;
	await putNetwork(ports, { caller: admin, id: vpcId, networkId: 'n', network });
	const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: tenant, input: { vpcId } });

	/** The office behind 192.0.2.n, with 10.n.0.0/24. */
	const customerGateway = async (n = 2) => {
		const remoteCidrs = [`10.${n}.0.0/24`];
		const input = { name: `office ${n}`, gateway: `192.0.2.${n}`, remoteCidrs, ...suite, psk: new Secret(`secret number ${n}`) };
		return (await createCustomerGateway(ports, { caller: tenant, input })).customerGateway;
	};
	return {
		memory,
		router,
		vpnGatewayId,
		customerGateway,
		async connect(n = 2) {
			const { id: customerGatewayId } = await customerGateway(n);
			return (await createVpnConnection(ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId } })).connection;
		},
		patch: (id: string, patch: PatchCustomerGateway) => patchCustomerGateway(ports, { caller: tenant, id, patch }),
		reconcile: (owner = 'one') => reconcileRouter(ports, { vpcId, owner }),
		check: () => checkRouters(ports, { vpcIds: [vpcId], tickAt: ports.clock().toISOString() }),
		stored: (id: string) => ports.store.get('connections', id),
	};
};
export type Tenant = Awaited<ReturnType<typeof aTenant>>;
