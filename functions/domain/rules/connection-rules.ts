import type { Account, CryptoFloor } from '../model/account.ts';
import { cidrsOverlap } from '../model/cidr.ts';
import { identityWord } from '../model/conn-model.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { Refusal } from '../model/problem-kind.ts';
import { isPublicBlock, type PublicRemoteCidrs } from '../model/public-blocks.ts';
import type { Slot, Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import type { VpnGateway } from '../model/vpn-gateway.ts';
import { floorVerdict, gradeOf } from './crypto-grade.ts';
import { unsupportedBy } from './router-capabilities.ts';

export type Allowed = { warnings: string[] };
export type ConnectionVerdict = Refusal | Allowed;

type Fit = {
	vpc: Vpc;
	customerGateway: CustomerGateway;
	account?: Account;
	/** The deployment's floor and, if the caller passes it separately, the account's. */
	floors: readonly CryptoFloor[];
	publicRemoteCidrs: PublicRemoteCidrs;
	passive?: boolean;
};

/** Whether the customer gateway may be connected to the VPC (invariants 2 to 6). */
export const mayConnect = (
	request: Fit & {
		gateway: Pick<VpnGateway, 'id' | 'accountId'>;
		/** The connection that uses the customer gateway. */
		user?: Pick<VpnConnection, 'state'>;
		maxConnections: number;
	},
): ConnectionVerdict => {
	const { vpc, gateway, customerGateway, user, maxConnections } = request;
	const disabled = vpnDisabled(request.account);
	if (disabled !== undefined) return disabled;
	if (vpc.accountId !== gateway.accountId) {
		return { problem: 'not-found', detail: `the account of ${gateway.id} has no VPC ${vpc.id}`, pointer: '/vpnGatewayId' };
	}
	if (customerGateway.accountId !== gateway.accountId) {
		const detail = `the account of ${gateway.id} has no customer gateway ${customerGateway.id}`;
		return { problem: 'not-found', detail, pointer: '/customerGatewayId' };
	}
	if (customerGateway.connectionId !== undefined) {
		const { id, connectionId } = customerGateway;
		const detail =
			user?.state === 'Deleting'
				? `${id} is used by the connection ${connectionId}, which is being deleted: try again once it is gone`
				: `${id} is already used by the connection ${connectionId}`;
		return { problem: 'customer-gateway-in-use', detail, pointer: '/customerGatewayId' };
	}
	if (Object.keys(vpc.slots).length >= maxConnections) {
		const connections = maxConnections === 1 ? '1 connection' : `${maxConnections} connections`;
		return {
			problem: 'too-many-connections',
			detail: `${gateway.id} has ${connections}, which is the limit; delete one to make another`,
		};
	}
	return ofCustomerGateway(fits(request));
};

/** The fields of a customer gateway are none of a request that names it as a whole. */
const ofCustomerGateway = (verdict: ConnectionVerdict): ConnectionVerdict =>
	'problem' in verdict ? { ...verdict, pointer: '/customerGatewayId' } : verdict;

/** The same for a change of a connected customer gateway; `customerGateway` is as it would be afterwards. */
export const mayChangeCustomerGateway = (request: Fit): ConnectionVerdict => vpnDisabled(request.account) ?? fits(request);

/** What is wrong or doubtful about a policy on its own, apart from any connection. */
export const policyVerdict = (
	customerGateway: Pick<CustomerGateway, 'ike' | 'esp' | 'remoteCidrs'>,
	{ floors, publicRemoteCidrs }: Pick<Fit, 'floors' | 'publicRemoteCidrs'>,
): ConnectionVerdict => {
	const publicBlock = customerGateway.remoteCidrs.findIndex(isPublicBlock);
	if (publicBlock >= 0 && publicRemoteCidrs === 'deny') {
		const detail = `${customerGateway.remoteCidrs[publicBlock]} has public addresses, which this deployment does not allow behind a peer`;
		return { problem: 'invalid-request', detail, pointer: `/remoteCidrs/${publicBlock}` };
	}
	const grade = gradeOf(customerGateway);
	const verdict = floorVerdict(floors, grade);
	if (verdict === 'deny') return { problem: 'crypto-denied', detail: `the crypto suite is ${grade}, which is not allowed here` };
	const warnings = verdict === 'warn' ? [`the crypto suite is ${grade}`] : [];
	if (publicBlock >= 0 && publicRemoteCidrs === 'warn') {
		const blocks = customerGateway.remoteCidrs.filter(isPublicBlock);
		const [have, them] = blocks.length === 1 ? ['has', 'it'] : ['have', 'them'];
		warnings.push(
			`${blocks.join(', ')} ${have} public addresses: hosts of the VPC reach ${them} through the tunnel alone, and no longer over the Internet`,
		);
	}
	const { ike, esp } = customerGateway;
	if (esp.lifetimeSeconds > ike.lifetimeSeconds) {
		warnings.push(`the ESP lifetime (${esp.lifetimeSeconds} s) is above the IKE lifetime (${ike.lifetimeSeconds} s)`);
	}
	return { warnings };
};

/** F-11: such an account cannot create or change anything. An account without a row is enabled. */
export const vpnDisabled = (account: Account | undefined): Refusal | undefined =>
	account?.vpnEnabled === false
		? { problem: 'vpn-disabled', detail: `VPN is disabled for the account ${account.id}` }
		: undefined;

const fits = ({ vpc, customerGateway, account, floors, publicRemoteCidrs, passive }: Fit): ConnectionVerdict => {
	const ours = vpc.publicIps.some(({ ip, privateIp }) => [ip, privateIp].includes(customerGateway.gateway));
	if (ours) {
		const detail = `${customerGateway.gateway} is an address of the router of ${vpc.id}: give that of the device at the other end`;
		return { problem: 'invalid-request', detail, pointer: '/gateway' };
	}
	const others = Object.entries(vpc.slots).filter(([, slot]) => slot.customerGatewayId !== customerGateway.id);
	const sharing = others.find(([, slot]) => slot.peer === customerGateway.gateway);
	if (sharing !== undefined) {
		const peer = customerGateway.gateway === 'any' ? 'a peer without a fixed address' : `the peer ${customerGateway.gateway}`;
		return { problem: 'peer-taken', detail: `the connection ${sharing[0]} of this gateway already has ${peer}` };
	}
	const namesake = others.find(
		([, slot]) => identityOf(slot) === identityOf({ ...customerGateway, peer: customerGateway.gateway }),
	);
	if (namesake !== undefined) {
		const { gateway, remoteId = gateway } = customerGateway;
		const detail = `the peer of the connection ${namesake[0]} of this gateway has the identity ${remoteId} as well, by which the router finds the key: have one of them present another`;
		return { problem: 'peer-taken', detail, pointer: customerGateway.remoteId === undefined ? '/gateway' : '/remoteId' };
	}
	const overlap = overlapOf(vpc, others, customerGateway.remoteCidrs);
	if (overlap !== undefined) return overlap;
	const unsupported =
		vpc.router && unsupportedBy(vpc.router, customerGateway, { initiates: !passive && customerGateway.gateway !== 'any' });
	if (unsupported !== undefined) return { problem: 'unsupported-by-router', detail: unsupported };
	return policyVerdict(customerGateway, { floors: [...floors, account?.cryptoFloor ?? {}], publicRemoteCidrs });
};

/** As the daemons compare them: without regard to case, and to dots at the end. */
const identityOf = ({ peer, remoteId = peer }: Pick<Slot, 'peer' | 'remoteId'>): string =>
	identityWord(remoteId).toLowerCase().replace(/\.+$/, '');

const overlapOf = (vpc: Vpc, others: [string, { remoteCidrs: string[] }][], remoteCidrs: string[]): Refusal | undefined => {
	for (const [index, cidr] of remoteCidrs.entries()) {
		const pointer = `/remoteCidrs/${index}`;
		if (cidrsOverlap(cidr, vpc.cidr)) {
			return { problem: 'cidr-overlap', detail: `${cidr} overlaps ${vpc.cidr} of ${vpc.id}`, pointer };
		}
		for (const [connectionId, slot] of others) {
			const taken = slot.remoteCidrs.find((one) => cidrsOverlap(one, cidr));
			if (taken !== undefined)
				return { problem: 'cidr-overlap', detail: `${cidr} overlaps ${taken} of ${connectionId}`, pointer };
		}
	}
	return undefined;
};
