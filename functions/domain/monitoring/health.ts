import type { CustomerGateway } from '../model/customer-gateway.ts';
import { type ReasonCode, reasons } from '../model/reasons.ts';
import { reasonOfSilence } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

export type Health = 'up' | 'degraded' | 'down' | 'unknown';
export type Monitoring = { active: boolean; reason?: string; detail?: string };
export type Tunnel = { localCidr: string; remoteCidr: string; up: boolean };

/** The health that follows from the pairs of one report: all up, some, or none; and from what else is known of the tunnel. */
export const healthOfPairs = (
	up: readonly boolean[],
	...found: readonly (ReasonCode | undefined)[]
): 'up' | 'degraded' | 'down' => {
	if (!up.includes(true)) return 'down';
	const degrades = found.some((code) => code !== undefined && reasons[code].effect === 'degrades');
	return up.includes(false) || degrades ? 'degraded' : 'up';
};

/** Whether the tunnels of a VPC are checked, and why checks tell nothing about them. */
export const monitoringOf = ({ networks, silence }: Pick<Vpc, 'networks' | 'silence'>): Monitoring => {
	if (!networks.some((network) => network.state === 'Implemented')) return { active: false, reason: 'no-implemented-network' };
	return silence === undefined ? { active: true } : { active: true, reason: reasonOfSilence(silence), detail: silence.detail };
};

/** Unknown if the VPC is not checked, its router is silent, or nothing has been reported yet. */
export const healthOf = (connection: VpnConnection, vpc: Pick<Vpc, 'networks' | 'silentSince'>): Health => {
	if (connection.state === 'Error') return 'down';
	if (connection.state === 'Pending' || connection.state === 'Deleting') return 'unknown';
	if (!monitoringOf(vpc).active || vpc.silentSince !== undefined) return 'unknown';
	if (connection.state === 'Disconnected') return 'down';
	const { observed, routeTrouble } = connection;
	return observed === undefined ? 'unknown' : healthOfPairs(observed.up, observed.reason, routeTrouble?.code);
};

/** One tunnel per subnet pair, in the order of the customer gateway's `remoteCidrs`. */
export const tunnelsOf = (
	connection: Pick<VpnConnection, 'state' | 'observed'>,
	customerGateway: Pick<CustomerGateway, 'remoteCidrs'>,
	vpc: Pick<Vpc, 'cidr'>,
): Tunnel[] =>
	customerGateway.remoteCidrs.map((remoteCidr, index) => ({
		localCidr: vpc.cidr,
		remoteCidr,
		up: connection.state === 'Connected' && connection.observed?.up[index] === true,
	}));
