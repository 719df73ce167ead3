import type { GroupRule, SeenInstance, SeenSurroundings } from '../model/seen-instance.ts';
import type { Vpc } from '../model/vpc.ts';
import type { CheckCode, Verdict } from './check-finding.ts';
import {
	esp,
	ike,
	isAllowed,
	isOpenBeyond,
	natTraversal,
	otherSources,
	type Packet,
	passesAcl,
	rulesForHosts,
} from './network-rules.ts';

type Interface = NonNullable<SeenInstance['interface']>;
/** What EC2 shows of a router, beside what is to be there. */
export type Place = {
	vpc: Pick<Vpc, 'id' | 'cidr' | 'routerInstanceId' | 'publicIps' | 'networks' | 'routeTableIds' | 'slots'>;
	/** The address of the VPN gateway, or the one that it would have. */
	publicIp: string;
	seen: SeenSurroundings;
};
type Rule = (place: Place) => Verdict;
type RuleOfInterface = (at: Interface, place: Place) => Verdict;

const list = (words: readonly string[]): string => words.join(', ');
const everywhere = '0.0.0.0/0';

/** Each once; a peer that may be anywhere is everywhere. */
const peersOf = ({ vpc }: Place): string[] => [
	...new Set(Object.values(vpc.slots).map(({ peer }) => (peer === 'any' ? everywhere : `${peer}/32`))),
];
/** What hosts send through the router: from the networks in use, or from anywhere in the VPC. */
const networksOf = ({ vpc }: Place): string[] => {
	const inUse = vpc.networks.filter(({ state }) => state === 'Implemented').map(({ cidr }) => cidr);
	return inUse.length === 0 ? [vpc.cidr] : inUse;
};
const inboundOf = ({ groups }: Interface) => groups.flatMap(({ inbound }) => inbound);
const outboundOf = ({ groups }: Interface) => groups.flatMap(({ outbound }) => outbound);
const groupsOf = ({ groups }: Interface): string => list(groups.map(({ id }) => id)) || 'no security group';
const firstGroup = ({ groups }: Interface): string => groups[0]?.id ?? 'sg-…';
const isAsked = (rules: Parameters<typeof otherSources>[0], packet: Packet | undefined): string | undefined => {
	const others = otherSources(rules, packet);
	return others.length === 0 ? undefined : `left to ${list(others)}, whose members are not looked up here`;
};

const authorize = (group: string, permissions: readonly string[], cidrs: readonly string[]): string => {
	const ranges = `IpRanges=[${cidrs.map((cidr) => `{CidrIp=${cidr}}`).join(',')}]`;
	return `aws ec2 authorize-security-group-ingress --group-id ${group} --ip-permissions ${permissions.map((one) => `'${one},${ranges}'`).join(' ')}`;
};

/** A way in, with the words and the rule for it. */
type Way = { packet: Packet; what: string; permission: string };
const udp = (packet: Packet & { port: number }): Way => ({
	packet,
	what: `UDP ${packet.port}`,
	permission: `IpProtocol=udp,FromPort=${packet.port},ToPort=${packet.port}`,
});
const ikeWays = [udp(ike), udp(natTraversal)];
const espWays: Way[] = [{ packet: esp, what: 'ESP (protocol 50)', permission: 'IpProtocol=50' }];
const namesOf = (ways: readonly Way[]): string => ways.map(({ what }) => what).join(' and ');

/** Without a connection nobody knows the peers: then anybody at all has to be let in. A rule that is there already must not be made again. */
const inboundVerdict = (at: Interface, place: Place, ways: readonly Way[]): Verdict => {
	const rules = inboundOf(at);
	const mendOf = (missing: readonly Way[], cidrs: readonly string[]): string => {
		const permissions = missing.map(({ permission }) => permission);
		return `Let it in: “${authorize(firstGroup(at), permissions, cidrs)}”.`;
	};
	const peers = peersOf(place);
	if (peers.length === 0) {
		const missing = ways.filter(({ packet }) => !isOpenBeyond(rules, packet, place.vpc.cidr));
		return missing.length === 0
			? { found: `${groupsOf(at)} lets somebody’s ${namesOf(ways)} in; whose, a connection will tell` }
			: { found: `${groupsOf(at)} lets nobody’s ${namesOf(missing)} in`, mend: mendOf(missing, ['<peer>/32']) };
	}
	const missing = ways.filter(({ packet }) => !peers.every((peer) => isAllowed(rules, packet, peer)));
	if (missing.length === 0) return { found: `${groupsOf(at)} lets ${namesOf(ways)} in from ${list(peers)}` };
	const shut = peers.filter((peer) => !missing.every(({ packet }) => isAllowed(rules, packet, peer)));
	const left = missing.map(({ packet }) => isAsked(rules, packet));
	if (left.every((one) => one !== undefined)) return { found: `${namesOf(missing)} from ${list(shut)} is ${left[0]}` };
	return { found: `${groupsOf(at)} does not let ${namesOf(missing)} in from ${list(shut)}`, mend: mendOf(missing, shut) };
};

/** Where not everything is let through, what is. */
const partsOf = (rules: readonly GroupRule[]): string => {
	if (rules.some(({ protocol }) => protocol === '-1')) return '';
	const parts = rules.map(({ protocol, ports }) => `${protocol}${ports === undefined ? '' : ` ${portsOf(ports)}`}`);
	return ` with ${list([...new Set(parts)])} alone`;
};
const portsOf = ({ from, to }: { from: number; to: number }): string => (from === to ? String(from) : `${from}-${to}`);

const gateway = /^igw-/;

/** Each looks at the interface through which a router's packets go. */
const ofInterface = {
	'source-dest-check': ({ id, sourceDestCheck }) =>
		sourceDestCheck
			? {
					found: `it is on for ${id}: AWS drops every packet that is not to or from the router itself`,
					mend: `Turn it off: “aws ec2 modify-network-interface-attribute --network-interface-id ${id} --no-source-dest-check”.`,
				}
			: { found: `off for ${id}` },
	'public-address': ({ id, addresses }, { publicIp, vpc }) => {
		const listed = vpc.publicIps.find(({ ip }) => ip === publicIp);
		const held = addresses.find((one) => one.publicIp === publicIp || one.privateIp === publicIp);
		const [first] = addresses;
		if (held === undefined)
			return {
				found: `${publicIp}, the address of the VPN gateway, is not associated with ${id}`,
				mend: `Associate it: “aws ec2 associate-address --public-ip ${publicIp} --network-interface-id ${id}”.`,
			};
		const behind = listed?.privateIp ?? first?.privateIp;
		if (held.privateIp === publicIp || held.privateIp === behind)
			return { found: held.privateIp === publicIp ? `${publicIp}, its own` : `${publicIp}, which leads to ${held.privateIp}` };
		return {
			found: `${publicIp} leads to ${held.privateIp}, and the router would take ${behind} for its own end`,
			mend: `Name it: PATCH /v1/vpcs/${vpc.id} with publicIps, of which the one with ip ${publicIp} has privateIp ${held.privateIp}.`,
		};
	},
	'default-route': ({ subnetTable }) => {
		if (subnetTable === undefined)
			return {
				found: 'EC2 shows no route table for the subnet of the router',
				mend: 'Associate one: “aws ec2 associate-route-table --route-table-id rtb-… --subnet-id subnet-…”.',
			};
		const target = subnetTable.routes.find(({ cidr }) => cidr === everywhere)?.target;
		if (target !== undefined && gateway.test(target)) return { found: `${subnetTable.id} leads to ${target}` };
		return {
			found:
				target === undefined
					? `${subnetTable.id}, the table of its subnet, has no default route`
					: `the default route of ${subnetTable.id}, the table of its subnet, leads to ${target}, from where no peer can reach it`,
			mend: `Lead the router’s subnet to an internet gateway: “aws ec2 ${target === undefined ? 'create' : 'replace'}-route --route-table-id ${subnetTable.id} --destination-cidr-block 0.0.0.0/0 --gateway-id igw-…”.`,
		};
	},
	'security-group-ike': (at, place) => inboundVerdict(at, place, ikeWays),
	'security-group-esp': (at, place) => inboundVerdict(at, place, espWays),
	'security-group-vpc': (at, place) => {
		const rules = inboundOf(at);
		const networks = networksOf(place);
		const shut = networks.filter((cidr) => rulesForHosts(rules, cidr).length === 0);
		if (shut.length === 0) {
			const parts = partsOf(networks.flatMap((cidr) => rulesForHosts(rules, cidr)));
			return { found: `${groupsOf(at)} lets hosts of ${list(networks)} in${parts}` };
		}
		const left = isAsked(rules, undefined);
		if (left !== undefined) return { found: `what comes from ${list(shut)} is ${left}` };
		return {
			found: `${groupsOf(at)} does not let hosts of ${list(shut)} in: what they send to the peers never reaches the router`,
			mend: `Let them in: “${authorize(firstGroup(at), ['IpProtocol=-1'], [place.vpc.cidr])}”.`,
		};
	},
	'security-group-out': (at, place) => {
		const rules = outboundOf(at);
		const toPeers = peersOf(place).filter((peer) => ![ike, natTraversal, esp].every((packet) => isAllowed(rules, packet, peer)));
		const toHosts = networksOf(place).filter((cidr) => rulesForHosts(rules, cidr).length === 0);
		const shut = [...toPeers, ...toHosts];
		if (shut.length === 0) return { found: `${groupsOf(at)} lets out what goes to peers and hosts` };
		const left = isAsked(rules, undefined);
		if (left !== undefined) return { found: `what goes to ${list(shut)} is ${left}` };
		return {
			found: `${groupsOf(at)} does not let out what goes to ${list(shut)}`,
			mend: `Let it out, as a new group does: “aws ec2 authorize-security-group-egress --group-id ${firstGroup(at)} --ip-permissions 'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'”.`,
		};
	},
	'network-acl': ({ acl }, place) => {
		if (acl === undefined)
			return {
				found: 'EC2 shows no network ACL for the subnet of the router',
				mend: 'Look for the one of its subnet with “aws ec2 describe-network-acls”, and check again.',
			};
		const peers = peersOf(place);
		const ways = [true, false].flatMap((egress) =>
			[ike, natTraversal, esp].flatMap((packet) =>
				(peers.length === 0 ? [everywhere] : peers).map((cidr) => ({ packet, egress, cidr })),
			),
		);
		const shut = ways.filter((way) => !passesAcl(acl.rules, way));
		if (shut.length === 0) return { found: `${acl.id} lets IKE and ESP pass both ways` };
		const named = shut.map(
			({ packet: { protocol, port }, egress, cidr }) =>
				`${protocol === 17 ? `UDP ${port}` : 'ESP'} ${egress ? 'to' : 'from'} ${cidr}`,
		);
		return {
			found: `${acl.id} does not let pass ${list(named)}`,
			mend: `Allow UDP 500, UDP 4500 and protocol 50 in both directions before the rule that denies them: “aws ec2 create-network-acl-entry --network-acl-id ${acl.id} --ingress (and --egress) --rule-number … --protocol udp --port-range From=500,To=500 --cidr-block … --rule-action allow”.`,
		};
	},
} as const satisfies Partial<Record<CheckCode, RuleOfInterface>>;

const withoutInstance: Verdict = {
	found: 'not looked at: EC2 shows no such instance, or none with a network interface',
	mend: 'Mend instance first, and check again.',
};

const instanceVerdict: Rule = ({ vpc, seen: { instance } }) => {
	const { routerInstanceId: id } = vpc;
	const other = `Name another router by PATCH /v1/vpcs/${vpc.id} with routerInstanceId`;
	if (instance === undefined) return { found: `EC2 shows no instance ${id}`, mend: `${other}.` };
	if (instance.state !== 'running')
		return {
			found: `${id} is ${instance.state}`,
			mend: instance.state === 'stopped' ? `Start it: “aws ec2 start-instances --instance-ids ${id}”.` : `${other}.`,
		};
	if (instance.vpcId !== vpc.id)
		return { found: `${id} is in ${instance.vpcId ?? 'no VPC'}, not in ${vpc.id}`, mend: `${other}.` };
	return { found: `${id} is running in ${vpc.id}` };
};

/** Each looks at what EC2 shows. */
export const ec2Rules = {
	instance: instanceVerdict,
	'router-tag': ({ vpc, seen: { instance } }) => {
		if (instance === undefined) return withoutInstance;
		const tag = instance.tags['s2s:router'];
		if (tag === 'true') return { found: 's2s:router=true' };
		return {
			found: `the instance has ${tag === undefined ? 'no tag s2s:router' : `the tag s2s:router=${tag}`}: we run nothing on it`,
			mend: `Tag it: “aws ec2 create-tags --resources ${vpc.routerInstanceId} --tags Key=s2s:router,Value=true”.`,
		};
	},
	...(Object.fromEntries(
		Object.entries(ofInterface).map(([code, rule]): [string, Rule] => [
			code,
			(place) => {
				const at = place.seen.instance?.interface;
				return at === undefined ? withoutInstance : rule(at, place);
			},
		]),
	) as Record<keyof typeof ofInterface, Rule>),
	'route-tables': ({ vpc, seen }) => {
		if (vpc.routeTableIds.length === 0) return { found: 'none are named (routeTableIds): routes to the router are made by hand' };
		const tables = new Map(seen.tables.map((table) => [table.id, table]));
		const absent = vpc.routeTableIds.filter((id) => !tables.has(id));
		if (absent.length > 0)
			return {
				found: `there is no ${list(absent)}`,
				mend: `Name the tables that there are: PATCH /v1/vpcs/${vpc.id} with routeTableIds.`,
			};
		const untagged = vpc.routeTableIds.filter((id) => tables.get(id)?.tags['s2s:routes'] !== 'true');
		if (untagged.length > 0)
			return {
				found: `${list(untagged)} has no tag s2s:routes=true: we change no routes there`,
				mend: `Tag it: “aws ec2 create-tags --resources ${untagged.join(' ')} --tags Key=s2s:routes,Value=true”.`,
			};
		return { found: `${list(vpc.routeTableIds)}, tagged s2s:routes=true` };
	},
} as const satisfies Partial<Record<CheckCode, Rule>>;
