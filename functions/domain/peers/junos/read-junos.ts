import { Ipv4 } from '../../model/cidr.ts';
import { finding } from '../contract/peer-finding.ts';
import type { DeviceReading, DeviceTunnel, Finding, Line, NotCompared, Setting } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { notRead, tooLarge } from '../contract/size-limits.ts';
import { type AddressBooks, addressBooks } from './junos-addresses.ts';
import { identityFaults } from './junos-identity.ts';
import { ikeAllowed, outsideByPolicies, switchedOff } from './junos-inbound.ts';
import { deviceKey } from './junos-key.ts';
import { at, lineOf, type Named, named, none, wordOf, wordsOf } from './junos-nodes.ts';
import { newPair, pairsOf } from './junos-pairs.ts';
import { type Parts, partsOf } from './junos-parts.ts';
import { type Policy, policiesOf, shadowing, undefinedAddresses, type Ways } from './junos-policies.ts';
import type { Phase } from './junos-proposals.ts';
import { routeBased } from './junos-route-based.ts';
import { staticTranslation, translation } from './junos-source-nat.ts';
import { type JunosNode, junosTree } from './junos-tree.ts';

/** A device with what is the same for all its tunnels. */
type Junos = { root: JunosNode; security: JunosNode; books: AddressBooks; policies: Policy[]; leastInterval: number };

/** The zones at both ends of a tunnel, and its policies either way. */
const zonesOf = (
	security: JunosNode,
	mine: readonly Policy[],
	externalInterface: string | undefined,
): Ways & { inside: string; outside: string } => {
	const zones = named(security, 'zones', 'security-zone');
	const ofInterface = zones.find(
		([, zone]) => externalInterface !== undefined && at(zone, 'interfaces', externalInterface) !== undefined,
	);
	const outside = ofInterface?.[0] ?? outsideByPolicies(security, mine) ?? 'untrust';
	const outward = mine.filter(({ from, to }) => to === outside && from !== outside);
	const inward = mine.filter(({ from, to }) => from === outside && to !== outside);
	const inside = outward[0]?.from ?? inward[0]?.to ?? zones.find(([zone]) => zone !== outside)?.[0] ?? 'trust';
	return { outside, inside, outward, inward };
};

const peerAddressOf = (gateway: Named, vpn: JunosNode): Setting<string> => {
	const [name, node] = gateway;
	const addresses = named(node, 'address');
	const [only] = addresses;
	return {
		value: addresses.map(([address]) => address).find((address) => Ipv4.safeParse(address).success),
		found: addresses.map(([value]) => value).join(', ') || 'nothing',
		line: only?.[1].line ?? lineOf(node, vpn),
		// Of several peers none is taken away: which of them is the wrong one is not known.
		set: (wanted) => [
			...(only === undefined || addresses.length > 1 ? [] : [`delete security ike gateway ${name} address ${only[0]}`]),
			`set security ike gateway ${name} address ${wanted}`,
		],
	};
};

const pfsOf = ([name, policy]: Named, vpn: JunosNode): Setting<number | null> => {
	const pfs = wordOf(policy, 'perfect-forward-secrecy', 'keys');
	const path = `security ipsec policy ${name} perfect-forward-secrecy`;
	return {
		value: pfs === undefined ? null : Number(/^group(\d+)$/.exec(pfs)?.[1] ?? 0),
		found: pfs === undefined ? 'no perfect-forward-secrecy' : `perfect-forward-secrecy keys ${pfs}`,
		line: lineOf(policy, vpn, 'perfect-forward-secrecy', 'keys'),
		set: (wanted) => [wanted === null ? `delete ${path}` : `set ${path} keys group${wanted}`],
	};
};

/** A policy-based tunnel is IKEv1: with IKEv2 the device refuses it at commit. */
const ikeVersionOf = (gateway: Named | undefined, vpn: JunosNode, isBound: boolean): DeviceTunnel['ikeVersion'] => {
	const version = wordOf(gateway?.[1], 'version');
	return {
		value: version === 'v2-only' ? 'ikev2' : 'ikev1',
		found: version === undefined ? 'IKEv1, the default' : `version ${version}`,
		line: lineOf(gateway?.[1], vpn, 'version'),
		set: (wanted) =>
			gateway === undefined || (wanted === 'ikev2' && !isBound)
				? []
				: [`set security ike gateway ${gateway[0]} version ${wanted === 'ikev2' ? 'v2-only' : 'v1-only'}`],
	};
};

const notComparedOf = (peerAddress: Setting<string> | undefined): NotCompared[] =>
	peerAddress === undefined || peerAddress.value !== undefined || peerAddress.found === 'nothing'
		? []
		: [{ what: 'peer-name', line: peerAddress.line, message: `the text does not say the address of ${peerAddress.found}` }];

const tunnelOf = (junos: Junos, [name, vpn]: Named): DeviceTunnel => {
	const { security, policies, leastInterval } = junos;
	const parts = partsOf(security, [name, vpn], leastInterval);
	const { gateway, ikePolicy, ipsecPolicy, phase1, phase2, faults } = parts;
	const mine = policies.filter(({ node }) => wordOf(node, 'then', 'permit', 'tunnel', 'ipsec-vpn') === name);
	const bound = routeBased([name, vpn]);
	const ways = zonesOf(security, mine, wordOf(gateway?.[1], 'external-interface'));
	const found = bound === undefined ? pairsOf(security, ways) : { pairs: [], unreadPairs: 0, faults: [] };
	const peerAddress = gateway === undefined ? undefined : peerAddressOf(gateway, vpn);
	return {
		name,
		line: vpn.line,
		group: name,
		inUse: mine.length > 0 || bound !== undefined,
		peerAddress,
		peers: wordsOf(gateway?.[1], 'address').filter((address) => Ipv4.safeParse(address).success),
		keyFor: () => (ikePolicy === undefined ? undefined : deviceKey(ikePolicy)),
		ikeVersion: ikeVersionOf(gateway, vpn, bound !== undefined),
		phase1,
		phase2,
		pfsGroup: ipsecPolicy === undefined ? undefined : pfsOf(ipsecPolicy, vpn),
		routeBased: bound,
		pairs: found.pairs,
		unreadPairs: found.unreadPairs,
		addPair: (pair) => newPair(security, { tunnel: name, inside: ways.inside, outside: ways.outside, policies }, pair),
		faults: [...faults, ...found.faults],
		inTheWay: (view) => inTheWay(junos, { parts, ways, view, isBound: bound !== undefined }),
		notCompared: notComparedOf(peerAddress),
	};
};

/** Policies cannot put anything into a tunnel of IKEv2: the device refuses it at commit. */
const version2 = ([name, gateway]: Named, { ike }: PeerView): Finding[] =>
	ike.version === 'ikev2' && wordOf(gateway, 'version') === 'v2-only'
		? [
				finding('ike-version', lineOf(gateway, undefined, 'version'), {
					message: `ike gateway ${name} has version v2-only, and its policy-based tunnels can be of IKEv1 only`,
					expected: 'ike.version ikev1 of the customer gateway and v1-only here, or a route-based tunnel',
					commands: [],
				}),
			]
		: [];

type Around = { parts: Parts; ways: ReturnType<typeof zonesOf>; view: PeerView; isBound: boolean };

const inTheWay = (junos: Junos, { parts: { gateway, missing }, ways, view, isBound }: Around): Finding[] => {
	const { root, security, policies, books } = junos;
	const { inside, outside, outward, inward } = ways;
	const externalInterface = wordOf(gateway?.[1], 'external-interface');
	const wanted = view.localSubnets.map((local) => ({ local, remote: view.remoteSubnet }));
	const insides = outward.length === 0 ? [inside] : [...new Set(outward.map(({ from }) => from))];
	const way = { insides, outside, externalInterface, books };
	return [
		...missing(view),
		...(gateway === undefined || isBound ? [] : version2(gateway, view)),
		...(gateway === undefined ? [] : identityFaults(root, gateway, view)),
		...switchedOff(root, externalInterface),
		...ikeAllowed(security, { outside, externalInterface, gateway: gateway?.[1], gatewayName: gateway?.[0] }),
		// What goes by routes leaves by the zone of the tunnel interface, whose rules are not followed.
		...(isBound
			? []
			: [
					...undefinedAddresses(security, ways, view),
					...shadowing(outward, policies, wanted),
					...shadowing(
						inward,
						policies,
						wanted.map(({ local, remote }) => ({ local: remote, remote: local })),
					),
					...translation(security, way, wanted),
					...staticTranslation(security, way, wanted),
				]),
	];
};

/** Releases from 12.1 on take shorter intervals of dead-peer detection. */
const leastIntervalOf = (root: JunosNode, isOld: boolean): number => {
	const [, major, minor] = /^(\d+)\.(\d+)/.exec(wordOf(root, 'version') ?? '') ?? [];
	if (major === undefined) return isOld ? 10 : 2;
	return Number(major) + Number(minor) / 10 < 12.1 ? 10 : 2;
};

/** What a JunOS text of set commands, or in braces, makes the device do. */
export const readJunos =
	({ isOld }: { isOld: boolean }) =>
	(text: string): DeviceReading => {
		const { root, unknown, inserts, groups } = junosTree(text);
		const security = at(root, 'security') ?? none;
		const large = tooLarge([
			{ what: 'VPNs', count: named(security, 'ipsec', 'vpn').length, most: 256 },
			{ what: 'ike policies', count: named(security, 'ike', 'policy').length, most: 256 },
			{ what: 'ike gateways', count: named(security, 'ike', 'gateway').length, most: 256 },
			{ what: 'ike proposals', count: named(security, 'ike', 'proposal').length, most: 256 },
			{ what: 'ipsec proposals', count: named(security, 'ipsec', 'proposal').length, most: 256 },
			{ what: 'rule sets', count: named(security, 'nat', 'source', 'rule-set').length, most: 256 },
		]);
		if (large.length > 0) return notRead(large);
		const books = addressBooks(security);
		const policies = policiesOf(security, books);
		const junos: Junos = { root, security, books, policies, leastInterval: leastIntervalOf(root, isOld) };
		const [group] = groups;
		return {
			tunnels: named(security, 'ipsec', 'vpn').map((vpn) => tunnelOf(junos, vpn)),
			faults: [],
			notCompared:
				group === undefined
					? []
					: [
							{
								what: /apply-path/.test(group.text) ? 'apply-path' : 'groups',
								line: group.line,
								message: 'groups are not followed; show configuration | display inheritance no-comments prints what they come to',
							},
						],
			unknown,
			unused: unusedOf(security, policies),
			meaning: [meaningOf(root), inserts],
		};
	};

const meaningOf = (node: JunosNode): unknown => [...node.below].map(([word, below]) => [word, meaningOf(below)]);

/** Definitions that nothing refers to: of a text that is a tunnel and nothing else, there are none. */
const unusedOf = (security: JunosNode, policies: readonly Policy[]): Line[] => {
	const referred = (phase: Phase, what: string, by: (node: JunosNode) => string[], from: Named[]): Line[] => {
		const used = new Set(from.flatMap(([, node]) => by(node)));
		return named(security, phase, what)
			.filter(([name]) => !used.has(name))
			.map(([name, { line }]) => ({ line, text: `${phase} ${what} ${name}` }));
	};
	const vpns = named(security, 'ipsec', 'vpn');
	const tunnelled = new Set(policies.map(({ node }) => wordOf(node, 'then', 'permit', 'tunnel', 'ipsec-vpn')));
	const names = new Set(
		policies.flatMap(({ node }) => [
			...wordsOf(node, 'match', 'source-address'),
			...wordsOf(node, 'match', 'destination-address'),
		]),
	);
	const books = [
		...named(security, 'zones', 'security-zone').map(([, zone]) => at(zone, 'address-book')),
		...named(security, 'address-book').map(([, book]) => book),
	];
	return [
		...referred('ike', 'proposal', (node) => wordsOf(node, 'proposals'), named(security, 'ike', 'policy')),
		...referred('ike', 'policy', (node) => wordsOf(node, 'ike-policy'), named(security, 'ike', 'gateway')),
		...referred('ike', 'gateway', (node) => wordsOf(node, 'ike', 'gateway'), vpns),
		...referred('ipsec', 'proposal', (node) => wordsOf(node, 'proposals'), named(security, 'ipsec', 'policy')),
		...referred('ipsec', 'policy', (node) => wordsOf(node, 'ike', 'ipsec-policy'), vpns),
		...vpns
			.filter(([name, node]) => !tunnelled.has(name) && at(node, 'bind-interface') === undefined)
			.map(([name, { line }]) => ({ line, text: `ipsec vpn ${name}` })),
		...books.flatMap((book) =>
			named(book, 'address')
				.filter(([name]) => !names.has(name))
				.map(([name, { line }]) => ({ line, text: `address ${name}` })),
		),
	];
};
