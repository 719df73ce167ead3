import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceReading, DeviceTunnel, Finding, Line } from '../contract/peer-reading.ts';
import { ikeAllowed, outsideByPolicies } from './junos-inbound.ts';
import { at, lineOf, type Named, named, none, wordOf, wordsOf } from './junos-nodes.ts';
import { newPair, pairsOf, type Ways } from './junos-pairs.ts';
import { type Policy, policiesOf, shadowing } from './junos-policies.ts';
import { outOfRange, type Phase, proposalsOf } from './junos-proposals.ts';
import { translation } from './junos-source-nat.ts';
import { type JunosNode, junosTree } from './junos-tree.ts';

type Reference = { what: string; name: string | undefined; path: string[]; line: number };

/** What a name stands for, or the fault that it stands for nothing. */
const follow = (security: JunosNode, { what, name, path, line }: Reference): { node?: JunosNode; faults: Finding[] } => {
	const node = name === undefined ? undefined : at(security, ...path, name);
	return node === undefined
		? { faults: [undefinedName(line, name === undefined ? what : `${what} ${name}`)] }
		: { node, faults: [] };
};

/** Everything that a VPN refers to. */
const partsOf = (security: JunosNode, [, vpn]: Named) => {
	const gatewayName = wordOf(vpn, 'ike', 'gateway');
	const gateway = follow(security, {
		what: 'ike gateway',
		name: gatewayName,
		path: ['ike', 'gateway'],
		line: lineOf(vpn, undefined, 'ike', 'gateway'),
	});
	const ikeName = wordOf(gateway.node, 'ike-policy');
	const ike: ReturnType<typeof follow> =
		gateway.node === undefined
			? { faults: [] }
			: follow(security, {
					what: 'ike policy',
					name: ikeName,
					path: ['ike', 'policy'],
					line: lineOf(gateway.node, undefined, 'ike-policy'),
				});
	const ipsecName = wordOf(vpn, 'ike', 'ipsec-policy');
	const ipsec = follow(security, {
		what: 'ipsec policy',
		name: ipsecName,
		path: ['ipsec', 'policy'],
		line: lineOf(vpn, undefined, 'ike', 'ipsec-policy'),
	});
	const offers = (phase: Phase, name: string | undefined, node: JunosNode | undefined) =>
		node === undefined ? { offers: [], faults: [] } : proposalsOf(security, phase, [name ?? '', node]);
	const phase1 = offers('ike', ikeName, ike.node);
	const phase2 = offers('ipsec', ipsecName, ipsec.node);
	return {
		gateway: gateway.node,
		gatewayName,
		ikePolicy: ike.node,
		ipsecPolicy: ipsec.node,
		ipsecName,
		phase1: phase1.offers,
		phase2: phase2.offers,
		faults: [
			...[gateway, ike, ipsec, phase1, phase2].flatMap(({ faults }) => faults),
			...(ike.node === undefined ? [] : ikePolicyFaults([ikeName ?? '', ike.node])),
			...deadPeerFaults(gatewayName, gateway.node),
		],
	};
};

const ikePolicyFaults = ([name, policy]: Named): Finding[] => [
	...(wordOf(policy, 'mode') === 'aggressive'
		? [
				finding('aggressive-mode', lineOf(policy, undefined, 'mode'), {
					message: 'mode aggressive: the other end speaks main mode',
					expected: 'mode main',
					commands: [`set security ike policy ${name} mode main`],
				}),
			]
		: []),
	...(at(policy, 'pre-shared-key') === undefined
		? [
				finding('key-missing', policy.line, {
					message: `ike policy ${name} has no pre-shared key`,
					expected: 'the key of the connection',
					commands: [`set security ike policy ${name} pre-shared-key ascii-text "…"`],
				}),
			]
		: []),
];

const deadPeerFaults = (name: string | undefined, gateway: JunosNode | undefined): Finding[] => {
	const node = at(gateway, 'dead-peer-detection');
	const command = `set security ike gateway ${name} dead-peer-detection`;
	return [
		...outOfRange(node, { word: 'interval', range: [10, 60], command }),
		...outOfRange(node, { word: 'threshold', range: [1, 5], command }),
	];
};

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

const tunnelOf = (security: JunosNode, policies: readonly Policy[], [name, vpn]: Named): DeviceTunnel => {
	const { gateway, gatewayName, ikePolicy, ipsecPolicy, ipsecName, phase1, phase2, faults } = partsOf(security, [name, vpn]);
	const mine = policies.filter(({ node }) => wordOf(node, 'then', 'permit', 'tunnel', 'ipsec-vpn') === name);
	const externalInterface = wordOf(gateway, 'external-interface');
	const { outside, inside, outward, inward } = zonesOf(security, mine, externalInterface);
	const { pairs, unreadPairs, faults: pairFaults } = pairsOf(security, [name, vpn], { outward, inward });
	const addresses = named(gateway, 'address');
	const pfs = wordOf(ipsecPolicy, 'perfect-forward-secrecy', 'keys');
	const pfsPath = `security ipsec policy ${ipsecName} perfect-forward-secrecy`;
	return {
		name,
		line: vpn.line,
		peerAddress: {
			value: addresses[0]?.[0],
			found: addresses.map(([value]) => value).join(', ') || 'nothing',
			line: addresses[0]?.[1].line ?? lineOf(gateway, vpn),
			set: (wanted) => [
				...addresses.map(([old]) => `delete security ike gateway ${gatewayName} address ${old}`),
				`set security ike gateway ${gatewayName} address ${wanted}`,
			],
		},
		key: wordOf(ikePolicy, 'pre-shared-key', 'ascii-text'),
		phase1,
		phase2,
		pfsGroup: {
			value: pfs === undefined ? null : Number(/^group(\d+)$/.exec(pfs)?.[1] ?? Number.NaN),
			found: pfs === undefined ? 'no perfect-forward-secrecy' : `perfect-forward-secrecy keys ${pfs}`,
			line: lineOf(ipsecPolicy, vpn, 'perfect-forward-secrecy', 'keys'),
			set: (wanted) => [wanted === null ? `delete ${pfsPath}` : `set ${pfsPath} keys group${wanted}`],
		},
		pairs,
		unreadPairs,
		addPair: (pair) => newPair(security, { tunnel: name, inside, outside, policies }, pair),
		faults: [...faults, ...pairFaults],
		inTheWay: (wanted) => [
			...ikeAllowed(security, { outside, externalInterface, gateway, gatewayName }),
			...outward.flatMap((policy) => wanted.flatMap((pair) => shadowing(security, policy, policies, pair))),
			...inward.flatMap((policy) =>
				wanted.flatMap(({ local, remote }) => shadowing(security, policy, policies, { local: remote, remote: local })),
			),
			...translation(security, { inside, outside, outward, wanted }),
		],
	};
};

/** What a JunOS text of set commands, or in braces, makes the device do. */
export const readJunos = (text: string): DeviceReading => {
	const { root, unknown, inserts } = junosTree(text);
	const security = at(root, 'security') ?? none;
	const policies = policiesOf(security);
	return {
		tunnels: named(security, 'ipsec', 'vpn').map((vpn) => tunnelOf(security, policies, vpn)),
		faults: [],
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
