import { Ipv4 } from './cidr.ts';
import type { Dpd, EspPolicy, IkePolicy } from './crypto-suite.ts';
import type { CustomerGateway } from './customer-gateway.ts';
import type { Vpc } from './vpc.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** One subnet pair as a daemon should have it, whatever the dialect. */
export type Conn = {
	name: string;
	leftId: string;
	leftSubnet: string;
	/** The peer's address, or `%any`. */
	right: string;
	rightId: string;
	rightSubnet: string;
	ike: IkePolicy;
	esp: EspPolicy;
	dpd: Dpd;
	forceEncaps: boolean;
};

/** An identity as both daemons read it: a name without its `@` would be looked up in the DNS. */
export const identityWord = (identity: string): string =>
	Ipv4.safeParse(identity).success || identity.includes('@') ? identity : `@${identity}`;

/** One conn per remote block, in the order of the blocks (F-6, F-19). */
export const connsOf = (
	connection: Pick<VpnConnection, 'id'>,
	customerGateway: CustomerGateway,
	local: { vpc: Pick<Vpc, 'cidr'>; publicIp: string },
): Conn[] =>
	customerGateway.remoteCidrs.map((rightSubnet, index) => ({
		name: `${connection.id}-${index + 1}`,
		leftId: local.publicIp,
		leftSubnet: local.vpc.cidr,
		right: customerGateway.gateway === 'any' ? '%any' : customerGateway.gateway,
		rightId: identityWord(customerGateway.remoteId ?? customerGateway.gateway),
		rightSubnet,
		ike: customerGateway.ike,
		esp: customerGateway.esp,
		dpd: customerGateway.dpd,
		forceEncaps: customerGateway.forceEncaps,
	}));
