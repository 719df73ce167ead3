import { cidrContains, cidrsOverlap } from '../model/cidr.ts';
import type { Refusal } from '../model/problem-kind.ts';
import type { PatchVpc, PutNetwork, Vpc } from '../model/vpc.ts';
import type { VpnGateway } from '../model/vpn-gateway.ts';

/** `force` is for a router that will not come back, and so may be behind, and for routes that AWS does not let us remove. It never overrides a gateway or a connection. */
export const mayDeleteVpc = (vpc: Vpc, { force = false } = {}): Refusal | undefined => {
	if (vpc.vpnGatewayId !== undefined)
		return { problem: 'in-use', detail: `${vpc.id} has the VPN gateway ${vpc.vpnGatewayId}: delete that first` };
	const [connectionId] = Object.keys(vpc.slots);
	if (connectionId !== undefined)
		return { problem: 'in-use', detail: `${vpc.id} has the connection ${connectionId}: delete that first` };
	if (!force && vpc.generation !== vpc.appliedGeneration) {
		return { problem: 'in-use', detail: `the router ${vpc.routerInstanceId} has not taken the last change yet` };
	}
	const [tables] = Object.values(vpc.routes ?? vpc.routesBegun ?? {});
	if (!force && tables !== undefined) {
		const detail = `the routes in ${Object.keys(tables).join(', ')} have not been removed yet`;
		return { problem: 'in-use', detail };
	}
	const [retired] = vpc.retired ?? [];
	if (!force && retired !== undefined) {
		return { problem: 'in-use', detail: `the former router ${retired.instanceId} has not been cleaned yet` };
	}
	return undefined;
};

export const mayPatchVpc = (vpc: Vpc, patch: PatchVpc, gateway?: Pick<VpnGateway, 'id' | 'publicIp'>): Refusal | undefined => {
	if (patch.remoteAccessVpn === true && vpc.vpnGatewayId !== undefined) {
		const detail = `${vpc.id} has the VPN gateway ${vpc.vpnGatewayId}, and site-to-site VPN cannot share a router with remote-access VPN`;
		return { problem: 'remote-access-vpn', detail, pointer: '/remoteAccessVpn' };
	}
	if (patch.publicIps !== undefined && gateway !== undefined && !patch.publicIps.some(({ ip }) => ip === gateway.publicIp)) {
		const detail = `the VPN gateway ${gateway.id} is on ${gateway.publicIp}`;
		return { problem: 'in-use', detail, pointer: '/publicIps' };
	}
	return peerAmong(patch.publicIps ?? [], vpc) ?? (patch.cidr === undefined ? undefined : cidrInTheWay(vpc, patch.cidr));
};

/** A customer gateway may have no address of its router; nor may the router get that of a peer later. */
const peerAmong = (publicIps: Vpc['publicIps'], { slots }: Pick<Vpc, 'slots'>): Refusal | undefined => {
	const own = publicIps.flatMap(({ ip, privateIp }) => [ip, privateIp]);
	const [met] = Object.entries(slots).filter(([, { peer }]) => own.includes(peer));
	return met && { problem: 'in-use', detail: `${met[1].peer} is the peer of ${met[0]}`, pointer: '/publicIps' };
};

/** The VPC's CIDR is the local side of every tunnel and covers its networks (F-19). */
export const mayPutNetwork = (vpc: Pick<Vpc, 'id' | 'cidr'>, { cidr }: Pick<PutNetwork, 'cidr'>): Refusal | undefined =>
	cidrContains(vpc.cidr, cidr)
		? undefined
		: { problem: 'invalid-request', detail: `${cidr} is not within ${vpc.cidr} of ${vpc.id}`, pointer: '/cidr' };

const cidrInTheWay = (vpc: Vpc, cidr: string): Refusal | undefined => {
	const network = vpc.networks.find((one) => !cidrContains(cidr, one.cidr));
	if (network !== undefined) {
		return { problem: 'in-use', detail: `the network ${network.id} (${network.cidr}) is not within ${cidr}`, pointer: '/cidr' };
	}
	for (const [connectionId, slot] of Object.entries(vpc.slots)) {
		const remote = slot.remoteCidrs.find((one) => cidrsOverlap(one, cidr));
		if (remote !== undefined) {
			return { problem: 'cidr-overlap', detail: `${cidr} overlaps ${remote} of ${connectionId}`, pointer: '/cidr' };
		}
	}
	return undefined;
};
