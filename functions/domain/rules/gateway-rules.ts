import type { Refusal } from '../model/problem-kind.ts';
import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** The address that a gateway gets if none is given (F-14). */
export const sourceNatIp = (vpc: Pick<Vpc, 'publicIps'>): string | undefined =>
	(vpc.publicIps.find((address) => address.sourceNat) ?? vpc.publicIps[0])?.ip;

export const mayCreateGateway = (vpc: Vpc, publicIp: string | undefined = sourceNatIp(vpc)): Refusal | undefined => {
	if (vpc.vpnGatewayId !== undefined) {
		return { problem: 'gateway-exists', detail: `${vpc.id} already has the VPN gateway ${vpc.vpnGatewayId}` };
	}
	if (vpc.remoteAccessVpn) {
		return {
			problem: 'remote-access-vpn',
			detail: `${vpc.id} has remote-access VPN, which cannot share a router with site-to-site VPN`,
		};
	}
	if (!vpc.publicIps.some((address) => address.ip === publicIp)) {
		const detail = `${publicIp} is not a public IP of ${vpc.id}`;
		return { problem: 'invalid-request', detail, pointer: '/publicIp' };
	}
	return undefined;
};

/** `connections`: those of its slots that are there. */
export const mayDeleteGateway = (
	vpc: Pick<Vpc, 'slots'>,
	connections: readonly Pick<VpnConnection, 'id' | 'state'>[],
): Refusal | undefined => {
	const users = Object.keys(vpc.slots);
	if (users.length === 0) return undefined;
	const left = users.filter((user) => !connections.some(({ id, state }) => id === user && state === 'Deleting'));
	const detail =
		left.length > 0
			? `connections use the gateway, which have to be deleted first: ${left.join(', ')}`
			: `connections that are being deleted still use the gateway: ${users.join(', ')}; try again once they are gone`;
	return { problem: 'in-use', detail };
};
