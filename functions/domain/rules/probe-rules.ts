import { addressToNumber, cidrContains, cidrRange, numberToAddress } from '../model/cidr.ts';
import type { Refusal } from '../model/problem-kind.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

const blockOf = (host: string, remoteCidrs: readonly string[]): string | undefined =>
	remoteCidrs.find((cidr) => cidrContains(cidr, `${host}/32`));

/** Whether the router may ping this host of a connection: one behind the peer. */
export const mayProbe = (host: string, remoteCidrs: readonly string[]): Refusal | undefined => {
	const block = blockOf(host, remoteCidrs);
	const wrong =
		block === undefined
			? `is in none of the remote CIDRs of the customer gateway (${remoteCidrs.join(', ')}): give the address of a host behind the peer`
			: edgeOf(host, block);
	return wrong === undefined ? undefined : { problem: 'invalid-request', detail: `${host} ${wrong}`, pointer: '/probe/host' };
};

/** The first and the last address of a block are no host's, but for blocks of one or two. */
const edgeOf = (host: string, block: string): string | undefined => {
	const { first, last } = cidrRange(block);
	const n = addressToNumber(host);
	if (last - first < 2 || (n !== first && n !== last)) return undefined;
	const edge = n === first ? 'network' : 'broadcast';
	return `is the ${edge} address of ${block}: give the address of a host in it, such as ${numberToAddress(first + 1)}`;
};

/** Whether a connection's probe stays behind the peer if these are its remote CIDRs from now on. */
export const keepsProbe = (
	{ id, probe }: Pick<VpnConnection, 'id' | 'probe'>,
	remoteCidrs: readonly string[],
): Refusal | undefined =>
	probe === undefined || mayProbe(probe.host, remoteCidrs) === undefined
		? undefined
		: {
				problem: 'in-use',
				detail: `the probe of ${id} pings ${probe.host}, which would be no host of these blocks: change or clear the probe first`,
				pointer: '/remoteCidrs',
			};
