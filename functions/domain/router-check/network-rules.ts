import { cidrContains } from '../model/cidr.ts';
import type { AclRule, GroupRule } from '../model/seen-instance.ts';

/** A kind of packet: by the number of its protocol, and its port where it has one. */
export type Packet = { protocol: number; port?: number };
export const ike = { protocol: 17, port: 500 } as const satisfies Packet;
export const natTraversal = { protocol: 17, port: 4_500 } as const satisfies Packet;
export const esp: Packet = { protocol: 50 };

/** By the names that EC2 has for some in place of their numbers. */
const numbers: Readonly<Record<string, string>> = { icmp: '1', tcp: '6', udp: '17' };

const fits = (rule: Pick<GroupRule, 'protocol' | 'ports'>, { protocol, port }: Packet): boolean => {
	if (rule.protocol === '-1') return true;
	if ((numbers[rule.protocol] ?? rule.protocol) !== String(protocol)) return false;
	return port === undefined || rule.ports === undefined || (rule.ports.from <= port && port <= rule.ports.to);
};

/** Whether rules of security groups let a packet from, or to, every address of the block pass. */
export const isAllowed = (rules: readonly GroupRule[], packet: Packet, cidr: string): boolean =>
	rules.some((rule) => fits(rule, packet) && rule.cidrs.some((one) => cidrContains(one, cidr)));

const isAlone = ({ ports }: GroupRule, port: number): boolean => ports?.from === port && ports.to === port;

/** A rule that is not for IKE or IPsec alone: what hosts send to each other is of these protocols. */
const isForHosts = (rule: GroupRule): boolean => {
	const protocol = numbers[rule.protocol] ?? rule.protocol;
	if (protocol === '17') return !isAlone(rule, 500) && !isAlone(rule, 4_500);
	return protocol === '-1' || protocol === '6' || protocol === '1';
};

/** The rules that let something pass between the hosts of a block and those of the peers. */
export const rulesForHosts = (rules: readonly GroupRule[], cidr: string): GroupRule[] =>
	rules.filter((rule) => isForHosts(rule) && rule.cidrs.some((one) => cidrContains(one, cidr)));

/** Whether rules let in such a packet of anybody who is not of the block. */
export const isOpenBeyond = (rules: readonly GroupRule[], packet: Packet, cidr: string): boolean =>
	rules.some((rule) => fits(rule, packet) && (rule.others.length > 0 || rule.cidrs.some((one) => !cidrContains(cidr, one))));

/** Groups and prefix lists whose members nobody looks up here: what they allow for such a packet may be enough. */
export const otherSources = (rules: readonly GroupRule[], packet: Packet | undefined): string[] => [
	...new Set(rules.filter((rule) => packet === undefined || fits(rule, packet)).flatMap(({ others }) => others)),
];

/** Whether a network ACL lets a packet pass: the first rule that fits decides, and behind the last everything is denied. */
export const passesAcl = (
	rules: readonly AclRule[],
	{ packet, egress, cidr }: { packet: Packet; egress: boolean; cidr: string },
): boolean =>
	rules
		.filter((rule) => rule.egress === egress && fits(rule, packet) && cidrContains(rule.cidr, cidr))
		.reduce<AclRule | undefined>((first, rule) => (first === undefined || rule.number < first.number ? rule : first), undefined)
		?.allow ?? false;
