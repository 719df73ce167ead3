import { canonicalCidr, cidrContains, cidrsOverlap } from './cidr.ts';
import type { Encryption, Hash } from './crypto-suite.ts';
import { junosEncryption, junosEspHash, junosIkeHash } from './junos-terms.ts';
import { type JunosNode, junosTree } from './junos-tree.ts';
import type {
	DevicePair,
	DeviceProposal,
	DeviceReading,
	DeviceTunnel,
	Finding,
	FindingCode,
	Line,
	Pair,
	Setting,
	Value,
} from './peer-reading.ts';

type Named = [name: string, node: JunosNode];

const none: JunosNode = { line: 1, below: new Map() };
const at = (node: JunosNode | undefined, ...path: string[]): JunosNode | undefined =>
	path.reduce<JunosNode | undefined>((here, word) => here?.below.get(word), node);
const named = (node: JunosNode | undefined, ...path: string[]): Named[] => [...(at(node, ...path)?.below ?? [])];
const wordsOf = (node: JunosNode | undefined, ...path: string[]): string[] => named(node, ...path).map(([value]) => value);
const wordOf = (node: JunosNode | undefined, ...path: string[]): string | undefined => wordsOf(node, ...path)[0];
const lineOf = (node: JunosNode | undefined, otherwise: JunosNode | undefined, ...path: string[]): number =>
	at(node, ...path)?.line ?? node?.line ?? otherwise?.line ?? 1;

/** In our terms what the device calls by another word. */
const termOf = <T extends string>(terms: Partial<Record<T, string>>, word: string | undefined): T | undefined =>
	(Object.keys(terms) as T[]).find((key) => terms[key] === word);

const finding = (what: FindingCode, line: number, told: Omit<Finding, 'what' | 'line'>): Finding => ({ what, line, ...told });

/** What `proposal-set` stands for, in the order it is offered (JunOS: Understanding IKE and IPsec Packet Processing). */
const ikeSets: Record<string, [Encryption | 'des', Hash, number][]> = {
	basic: [
		['des', 'sha1', 1],
		['des', 'md5', 1],
	],
	compatible: [
		['3des', 'sha1', 2],
		['3des', 'md5', 2],
		['des', 'sha1', 2],
		['des', 'md5', 2],
	],
	standard: [
		['3des', 'sha1', 2],
		['aes128', 'sha1', 2],
	],
};
const ipsecSets: Record<string, [Encryption | 'des', Hash][]> = {
	basic: [
		['des', 'sha1'],
		['des', 'md5'],
	],
	compatible: [
		['3des', 'sha1'],
		['3des', 'md5'],
		['des', 'sha1'],
		['des', 'md5'],
	],
	standard: [
		['3des', 'sha1'],
		['aes128', 'sha1'],
	],
};
const ikeLifetimeDefault = 28_800;
const ipsecLifetimeDefault = 3_600;
const lifetimeRange = [180, 86_400] as const;
const ownName = 's2s';

type Phase = 'ike' | 'ipsec';

const proposalOf = (phase: Phase, name: string, node: JunosNode): DeviceProposal => {
	const command = `set security ${phase} proposal ${name}`;
	const setting = <T>(
		word: string,
		read: (found: string | undefined) => T | undefined,
		write: (wanted: T) => string,
	): Setting<T> => {
		const found = wordOf(node, word);
		return {
			value: read(found),
			found: found ?? 'nothing',
			line: lineOf(node, undefined, word),
			set: (wanted) => [`${command} ${word} ${write(wanted)}`],
		};
	};
	const hashes = phase === 'ike' ? junosIkeHash : junosEspHash;
	const byDefault = phase === 'ike' ? ikeLifetimeDefault : ipsecLifetimeDefault;
	return {
		encryption: setting<Encryption>(
			'encryption-algorithm',
			(word) => termOf(junosEncryption, word),
			(wanted) => junosEncryption[wanted],
		),
		hash: setting<Hash>(
			'authentication-algorithm',
			(word) => termOf(hashes, word),
			(wanted) => hashes[wanted] ?? wanted,
		),
		...(phase === 'ipsec'
			? {}
			: {
					dhGroup: setting<number>(
						'dh-group',
						(word) => (word === undefined ? undefined : Number(/^group(\d+)$/.exec(word)?.[1] ?? Number.NaN)),
						(wanted) => `group${wanted}`,
					),
				}),
		lifetimeSeconds: setting<number>('lifetime-seconds', (word) => Number(word ?? byDefault), String),
	};
};

const fromSet = (phase: Phase, policyName: string, policy: JunosNode): DeviceProposal[] => {
	const set = wordOf(policy, 'proposal-set');
	const line = lineOf(policy, undefined, 'proposal-set');
	if (set === undefined) return [];
	const commands = (word: string) => [
		...(phase === 'ike'
			? [`set security ike proposal ${ownName} authentication-method pre-shared-keys`]
			: [`set security ipsec proposal ${ownName} protocol esp`]),
		`set security ${phase} proposal ${ownName} ${word}`,
		`delete security ${phase} policy ${policyName} proposal-set`,
		`set security ${phase} policy ${policyName} proposals ${ownName}`,
	];
	const setting = <T>(value: T | undefined, found: string, write: (wanted: T) => string): Setting<T> => ({
		value,
		found: `${found} of proposal-set ${set}`,
		line,
		set: (wanted) => commands(write(wanted)),
	});
	const hashes = phase === 'ike' ? junosIkeHash : junosEspHash;
	const offers: [Encryption | 'des', Hash, number?][] = (phase === 'ike' ? ikeSets : ipsecSets)[set] ?? [];
	return offers.map(([encryption, hash, group]) => ({
		encryption: setting<Encryption>(
			encryption === 'des' ? undefined : encryption,
			encryption,
			(wanted) => `encryption-algorithm ${junosEncryption[wanted]}`,
		),
		hash: setting<Hash>(hash, hash, (wanted) => `authentication-algorithm ${hashes[wanted]}`),
		...(group === undefined ? {} : { dhGroup: setting<number>(group, `group${group}`, (wanted) => `dh-group group${wanted}`) }),
		lifetimeSeconds: setting<number>(
			phase === 'ike' ? ikeLifetimeDefault : ipsecLifetimeDefault,
			'the default',
			(wanted) => `lifetime-seconds ${wanted}`,
		),
	}));
};

const proposalsOf = (
	security: JunosNode,
	phase: Phase,
	[policyName, policy]: Named,
): { offers: DeviceProposal[]; faults: Finding[] } => {
	const names = named(policy, 'proposals');
	const faults = names
		.filter(([name]) => at(security, phase, 'proposal', name) === undefined)
		.map(([name, { line }]) => undefinedName(line, `${phase} proposal ${name}`, [`set security ${phase} proposal ${name} …`]));
	const offers = names.flatMap(([name]) => {
		const node = at(security, phase, 'proposal', name);
		return node === undefined ? [] : [proposalOf(phase, name, node)];
	});
	return { offers: [...offers, ...fromSet(phase, policyName, policy)], faults };
};

const undefinedName = (line: number, what: string, commands: string[] = []): Finding =>
	finding('undefined-name', line, { message: `${what} is not defined`, expected: `a definition of ${what}`, commands });

/** Addresses that a name stands for in a zone; undefined where the zone has no such name. */
const addressesOf = (security: JunosNode, zone: string, name: string): { cidrs: string[]; line: number } | undefined => {
	if (name === 'any' || name === 'any-ipv4') return { cidrs: ['0.0.0.0/0'], line: 1 };
	const books = [
		at(security, 'zones', 'security-zone', zone, 'address-book'),
		...named(security, 'address-book')
			.filter(([book, node]) => book === 'global' || wordsOf(node, 'attach', 'zone').includes(zone))
			.map(([, node]) => node),
	];
	for (const book of books) {
		const address = at(book, 'address', name);
		if (address !== undefined) {
			const cidr = [...address.below.keys()].filter((word) => /^[\d.]+(\/\d+)?$/.test(word)).at(-1);
			return { cidrs: cidr === undefined ? [] : [cidrOf(cidr)], line: address.below.get(cidr ?? '')?.line ?? address.line };
		}
		const set = at(book, 'address-set', name);
		if (set !== undefined) {
			const members = [...wordsOf(set, 'address'), ...wordsOf(set, 'address-set')];
			return { cidrs: members.flatMap((member) => addressesOf(security, zone, member)?.cidrs ?? []), line: set.line };
		}
	}
	return undefined;
};
const cidrOf = (word: string): string => canonicalCidr(word.includes('/') ? word : `${word}/32`);

const booksWith = (security: JunosNode, name: string): string[] =>
	named(security, 'zones', 'security-zone')
		.filter(([, zone]) => at(zone, 'address-book', 'address', name) !== undefined)
		.map(([zone]) => zone);

type Policy = { name: string; from: string; to: string; node: JunosNode };

const policiesOf = (security: JunosNode): Policy[] =>
	named(security, 'policies', 'from-zone').flatMap(([from, one]) =>
		named(one, 'to-zone').flatMap(([to, other]) => named(other, 'policy').map(([name, node]) => ({ name, from, to, node }))),
	);

const pathOf = ({ from, to, name }: Policy): string => `security policies from-zone ${from} to-zone ${to} policy ${name}`;

type Side = 'source-address' | 'destination-address';

/** The addresses of one side of a policy, with what is wrong with its names. */
const sideOf = (
	security: JunosNode,
	policy: Policy,
	side: Side,
): { cidrs: string[]; names: string[]; line: number; setLine: number; faults: Finding[] } => {
	const zone = side === 'source-address' ? policy.from : policy.to;
	const names = named(policy.node, 'match', side);
	const line = lineOf(names[0]?.[1], policy.node);
	const faults: Finding[] = [];
	const found = names.map(([name, node]) => {
		const addresses = addressesOf(security, zone, name);
		if (addresses !== undefined) return addresses;
		const elsewhere = booksWith(security, name);
		faults.push(
			elsewhere.length === 0
				? undefinedName(node.line, `address ${name} of zone ${zone}`, [
						`set security zones security-zone ${zone} address-book address ${name} …`,
					])
				: finding('wrong-zone', node.line, {
						message: `address ${name} is in the book of zone ${elsewhere.join(', ')}, and this is zone ${zone}`,
						expected: `address ${name} in the book of zone ${zone}`,
						commands: elsewhere.flatMap((other) => {
							const cidr = addressesOf(security, other, name)?.cidrs[0] ?? '';
							return [
								`delete security zones security-zone ${other} address-book address ${name}`,
								`set security zones security-zone ${zone} address-book address ${name} ${cidr}`,
							];
						}),
					}),
		);
		return undefined;
	});
	return {
		cidrs: found.flatMap((one) => one?.cidrs ?? []),
		names: names.map(([name]) => name),
		line,
		setLine: found.find((one) => one !== undefined)?.line ?? line,
		faults,
	};
};

const matches = (cidrs: readonly string[], cidr: string): boolean => cidrs.some((one) => cidrContains(one, cidr));
const meets = (cidrs: readonly string[], cidr: string): boolean => cidrs.some((one) => cidrsOverlap(one, cidr));

/** A name for an address, of ours. */
const addressName = (cidr: string): string => `${ownName}-${cidr.replaceAll('.', '-').replace('/', '_')}`;

const tunnelOf = (security: JunosNode, [name, vpn]: Named): DeviceTunnel => {
	const faults: Finding[] = [];
	const follow = (what: string, path: string[], reference: { name: string | undefined; line: number }): JunosNode | undefined => {
		if (reference.name === undefined) {
			faults.push(undefinedName(reference.line, `the ${what} of ${name}`));
			return undefined;
		}
		const node = at(security, ...path, reference.name);
		if (node === undefined) faults.push(undefinedName(reference.line, `${what} ${reference.name}`));
		return node;
	};

	const gatewayName = wordOf(vpn, 'ike', 'gateway');
	const gateway = follow('ike gateway', ['ike', 'gateway'], {
		name: gatewayName,
		line: lineOf(vpn, undefined, 'ike', 'gateway'),
	});
	const ikePolicyName = wordOf(gateway, 'ike-policy');
	const ikePolicy =
		gateway && follow('ike policy', ['ike', 'policy'], { name: ikePolicyName, line: lineOf(gateway, undefined, 'ike-policy') });
	const ipsecPolicyName = wordOf(vpn, 'ike', 'ipsec-policy');
	const ipsecPolicy = follow('ipsec policy', ['ipsec', 'policy'], {
		name: ipsecPolicyName,
		line: lineOf(vpn, undefined, 'ike', 'ipsec-policy'),
	});
	const first = ikePolicy === undefined ? undefined : proposalsOf(security, 'ike', [ikePolicyName ?? '', ikePolicy]);
	const second = ipsecPolicy === undefined ? undefined : proposalsOf(security, 'ipsec', [ipsecPolicyName ?? '', ipsecPolicy]);
	faults.push(...(first?.faults ?? []), ...(second?.faults ?? []));

	if (ikePolicy !== undefined) {
		if (wordOf(ikePolicy, 'mode') === 'aggressive')
			faults.push(
				finding('aggressive-mode', lineOf(ikePolicy, undefined, 'mode'), {
					message: 'mode aggressive: the other end speaks main mode',
					expected: 'mode main',
					commands: [`set security ike policy ${ikePolicyName} mode main`],
				}),
			);
		if (at(ikePolicy, 'pre-shared-key') === undefined)
			faults.push(
				finding('key-missing', ikePolicy.line, {
					message: `ike policy ${ikePolicyName} has no pre-shared key`,
					expected: 'the key of the connection',
					commands: [`set security ike policy ${ikePolicyName} pre-shared-key ascii-text "…"`],
				}),
			);
		for (const [proposalName] of named(ikePolicy, 'proposals')) {
			const node = at(security, 'ike', 'proposal', proposalName);
			const method = wordOf(node, 'authentication-method');
			if (node !== undefined && method !== 'pre-shared-keys')
				faults.push(
					finding('authentication', lineOf(node, undefined, 'authentication-method'), {
						message: `ike proposal ${proposalName} authenticates by ${method ?? 'nothing'}`,
						expected: 'authentication-method pre-shared-keys',
						commands: [`set security ike proposal ${proposalName} authentication-method pre-shared-keys`],
					}),
				);
		}
	}
	for (const [proposalName] of named(ipsecPolicy, 'proposals')) {
		const node = at(security, 'ipsec', 'proposal', proposalName);
		const protocol = wordOf(node, 'protocol');
		if (node !== undefined && protocol !== 'esp')
			faults.push(
				finding('phase2-protocol', lineOf(node, undefined, 'protocol'), {
					message: `ipsec proposal ${proposalName} is of protocol ${protocol ?? 'none'}`,
					expected: 'protocol esp',
					commands: [`set security ipsec proposal ${proposalName} protocol esp`],
				}),
			);
	}
	for (const phase of ['ike', 'ipsec'] as const) {
		for (const [proposalName] of named(phase === 'ike' ? ikePolicy : ipsecPolicy, 'proposals')) {
			const node = at(security, phase, 'proposal', proposalName);
			faults.push(
				...outOfRange(node, 'lifetime-seconds', lifetimeRange, `set security ${phase} proposal ${proposalName} lifetime-seconds`),
			);
		}
	}
	const dead = at(gateway, 'dead-peer-detection');
	faults.push(
		...outOfRange(dead, 'interval', [10, 60], `set security ike gateway ${gatewayName} dead-peer-detection interval`),
		...outOfRange(dead, 'threshold', [1, 5], `set security ike gateway ${gatewayName} dead-peer-detection threshold`),
	);

	const all = policiesOf(security);
	const mine = all.filter(({ node }) => wordOf(node, 'then', 'permit', 'tunnel', 'ipsec-vpn') === name);
	const externalInterface = wordOf(gateway, 'external-interface');
	const zones = named(security, 'zones', 'security-zone');
	const outside =
		zones.find(([, zone]) => externalInterface !== undefined && at(zone, 'interfaces', externalInterface) !== undefined)?.[0] ??
		outsideByPolicies(security, mine) ??
		'untrust';
	const outward = mine.filter(({ from, to }) => to === outside && from !== outside);
	const inward = mine.filter(({ from, to }) => from === outside && to !== outside);
	const inside = outward[0]?.from ?? inward[0]?.to ?? zones.find(([zone]) => zone !== outside)?.[0] ?? 'trust';
	const isGlobal = at(security, 'address-book', 'global') !== undefined;
	const bookOf = (zone: string) =>
		isGlobal ? 'security address-book global' : `security zones security-zone ${zone} address-book`;

	const pfs = wordOf(ipsecPolicy, 'perfect-forward-secrecy', 'keys');
	const identity = at(vpn, 'ike', 'proxy-identity');
	let unreadPairs = 0;
	type Move = { policy: Policy; mirror: Policy | undefined; side: Side; names: string[]; zone: string };
	const moveAddress = ({ policy, mirror, side, names, zone }: Move, wanted: string): string[] => {
		const change = (path: string, word: Side) => [
			...names.map((old) => `delete ${path} match ${word} ${old}`),
			`set ${path} match ${word} ${addressName(wanted)}`,
		];
		return [
			`set ${bookOf(zone)} address ${addressName(wanted)} ${wanted}`,
			...change(pathOf(policy), side),
			...(mirror === undefined
				? []
				: change(pathOf(mirror), side === 'source-address' ? 'destination-address' : 'source-address')),
		];
	};
	const pairs: DevicePair[] = [];
	for (const policy of outward) {
		const source = sideOf(security, policy, 'source-address');
		const destination = sideOf(security, policy, 'destination-address');
		if (source.faults.length + destination.faults.length > 0) unreadPairs++;
		faults.push(...source.faults, ...destination.faults, ...policyFaults(security, policy, { source, destination, inward }));
		for (const local of source.cidrs)
			for (const remote of destination.cidrs) {
				const mirror = inward.find(({ name: other }) => other === wordOf(policy.node, 'then', 'permit', 'tunnel', 'pair-policy'));
				pairs.push({
					local: { value: local, found: local, line: source.setLine },
					remote: { value: remote, found: remote, line: destination.setLine },
					remove: [policy, mirror].flatMap((one) => (one === undefined ? [] : [`delete ${pathOf(one)}`])),
					replace: (wanted) => [
						...(local === wanted.local
							? []
							: moveAddress({ policy, mirror, side: 'source-address', names: source.names, zone: policy.from }, wanted.local)),
						...(remote === wanted.remote
							? []
							: moveAddress(
									{ policy, mirror, side: 'destination-address', names: destination.names, zone: policy.to },
									wanted.remote,
								)),
					],
				});
			}
	}
	for (const policy of inward) {
		faults.push(...sideOf(security, policy, 'source-address').faults, ...sideOf(security, policy, 'destination-address').faults);
	}
	if (identity !== undefined && outward.length === 0) {
		const end = (side: string): Value<string> => {
			const found = wordOf(identity, side);
			return {
				value: found === undefined ? undefined : cidrOf(found),
				found: found ?? 'nothing',
				line: lineOf(identity, vpn, side),
			};
		};
		const path = `security ipsec vpn ${name} ike proxy-identity`;
		pairs.push({
			local: end('local'),
			remote: end('remote'),
			replace: ({ local, remote }) => [`set ${path} local ${local}`, `set ${path} remote ${remote}`],
			remove: [`delete ${path}`],
		});
	}

	const address = named(gateway, 'address');
	const addPair = ({ local, remote }: Pair): string[] => {
		const free =
			Array.from({ length: 100 }, (_, n) => n + 1).find((n) => !all.some((policy) => policy.name === `${ownName}-out-${n}`)) ?? 1;
		const both = [
			{
				from: inside,
				to: outside,
				own: `${ownName}-out-${free}`,
				pair: `${ownName}-in-${free}`,
				source: local,
				destination: remote,
			},
			{
				from: outside,
				to: inside,
				own: `${ownName}-in-${free}`,
				pair: `${ownName}-out-${free}`,
				source: remote,
				destination: local,
			},
		];
		return [
			`set ${bookOf(inside)} address ${addressName(local)} ${local}`,
			`set ${bookOf(outside)} address ${addressName(remote)} ${remote}`,
			...both.flatMap(({ from, to, own, pair, source, destination }) => {
				const path = `set security policies from-zone ${from} to-zone ${to} policy ${own}`;
				const top = all.find((one) => one.from === from && one.to === to);
				return [
					`${path} match source-address ${addressName(source)} destination-address ${addressName(destination)} application any`,
					`${path} then permit tunnel ipsec-vpn ${name}`,
					`${path} then permit tunnel pair-policy ${pair}`,
					...(top === undefined ? [] : [`insert ${path.replace('set ', '')} before policy ${top.name}`]),
				];
			}),
		];
	};

	return {
		name,
		line: vpn.line,
		peerAddress: {
			value: address.map(([value]) => value)[0],
			found: address.map(([value]) => value).join(', ') || 'nothing',
			line: address[0]?.[1].line ?? lineOf(gateway, vpn),
			set: (wanted) => [
				...address.map(([old]) => `delete security ike gateway ${gatewayName} address ${old}`),
				`set security ike gateway ${gatewayName} address ${wanted}`,
			],
		},
		key: wordOf(ikePolicy, 'pre-shared-key', 'ascii-text'),
		phase1: first?.offers ?? [],
		phase2: second?.offers ?? [],
		pfsGroup: {
			value: pfs === undefined ? null : Number(/^group(\d+)$/.exec(pfs)?.[1] ?? Number.NaN),
			found: pfs === undefined ? 'no perfect-forward-secrecy' : `perfect-forward-secrecy keys ${pfs}`,
			line: lineOf(ipsecPolicy, vpn, 'perfect-forward-secrecy', 'keys'),
			set: (wanted) =>
				wanted === null
					? [`delete security ipsec policy ${ipsecPolicyName} perfect-forward-secrecy`]
					: [`set security ipsec policy ${ipsecPolicyName} perfect-forward-secrecy keys group${wanted}`],
		},
		pairs,
		unreadPairs,
		addPair,
		faults,
		inTheWay: (wanted) => [
			...ikeAllowed(security, { outside, externalInterface, gateway, gatewayName, zones }),
			...outward.flatMap((policy) => wanted.flatMap((pair) => shadowing(security, policy, all, pair))),
			...inward.flatMap((policy) =>
				wanted.flatMap(({ local, remote }) => shadowing(security, policy, all, { local: remote, remote: local })),
			),
			...translation(security, { inside, outside, outward, wanted }),
		],
	};
};

const outOfRange = (
	node: JunosNode | undefined,
	word: string,
	[least, most]: readonly [number, number],
	command: string,
): Finding[] => {
	const found = wordOf(node, word);
	if (found === undefined || (/^\d+$/.test(found) && Number(found) >= least && Number(found) <= most)) return [];
	return [
		finding('out-of-range', lineOf(node, undefined, word), {
			message: `${word} ${found} is not in ${least} to ${most}`,
			expected: `${least} to ${most}`,
			commands: [`${command} ${Math.min(most, Math.max(least, Number(found) || least))}`],
		}),
	];
};

/** The zone that allows ike, or else where the tunnel's policies go to. */
const outsideByPolicies = (security: JunosNode, mine: readonly Policy[]): string | undefined => {
	const zones = [...new Set(mine.flatMap(({ from, to }) => [to, from]))];
	return zones.find((zone) => allowsIke(at(security, 'zones', 'security-zone', zone, 'host-inbound-traffic'))) ?? zones[0];
};

const allowsIke = (inbound: JunosNode | undefined): boolean => {
	const services = named(inbound, 'system-services');
	const except = services.some(([service, node]) => service === 'ike' && node.below.has('except'));
	return !except && services.some(([service]) => ['ike', 'all', 'any-service'].includes(service));
};

type Outside = {
	outside: string;
	externalInterface: string | undefined;
	gateway: JunosNode | undefined;
	gatewayName: string | undefined;
	zones: Named[];
};

const ikeAllowed = (security: JunosNode, { outside, externalInterface, gateway, gatewayName, zones }: Outside): Finding[] => {
	const hasInterfaces = zones.some(([, zone]) => named(zone, 'interfaces').length > 0);
	const line = lineOf(gateway, undefined, 'external-interface');
	if (externalInterface === undefined)
		return gateway === undefined
			? []
			: [
					finding('interface', line, {
						message: `ike gateway ${gatewayName} has no external-interface`,
						expected: 'the interface to the internet, with its unit',
						commands: [`set security ike gateway ${gatewayName} external-interface …`],
					}),
				];
	if (hasInterfaces && !zones.some(([, zone]) => at(zone, 'interfaces', externalInterface) !== undefined))
		return [
			finding('interface', line, {
				message: `external-interface ${externalInterface} is in no zone`,
				expected: `an interface of zone ${outside}, with its unit`,
				commands: named(security, 'zones', 'security-zone', outside, 'interfaces')
					.slice(0, 1)
					.map(([name]) => `set security ike gateway ${gatewayName} external-interface ${name}`),
			}),
		];
	const zone = at(security, 'zones', 'security-zone', outside);
	// What is set at an interface takes the place of all that its zone allows.
	const own = at(zone, 'interfaces', externalInterface, 'host-inbound-traffic');
	const inbound = own ?? at(zone, 'host-inbound-traffic');
	if (allowsIke(inbound)) return [];
	const path = `set security zones security-zone ${outside}${own === undefined ? '' : ` interfaces ${externalInterface}`}`;
	return [
		finding('ike-not-allowed', lineOf(inbound, zone ?? gateway), {
			message: `${own === undefined ? `zone ${outside}` : `interface ${externalInterface}`} does not take ike in`,
			expected: 'host-inbound-traffic system-services ike',
			commands: [`${path} host-inbound-traffic system-services ike`],
		}),
	];
};

type Sides = { source: ReturnType<typeof sideOf>; destination: ReturnType<typeof sideOf>; inward: readonly Policy[] };

/** The device derives its proxy identity from a policy's addresses and application, and from both policies of a pair. */
const policyFaults = (security: JunosNode, policy: Policy, { source, destination, inward }: Sides): Finding[] => {
	const faults: Finding[] = [];
	const path = pathOf(policy);
	const applications = named(policy.node, 'match', 'application');
	if (applications.map(([name]) => name).join() !== 'any')
		faults.push(
			finding('application', lineOf(applications[0]?.[1], policy.node), {
				message: `policy ${policy.name} is for application ${applications.map(([name]) => name).join(', ') || 'nothing'}, which becomes part of its proxy identity`,
				expected: 'application any',
				commands: [
					...applications.map(([name]) => `delete ${path} match application ${name}`),
					`set ${path} match application any`,
				],
			}),
		);
	const pairName = wordOf(policy.node, 'then', 'permit', 'tunnel', 'pair-policy');
	const pairLine = lineOf(policy.node, undefined, 'then', 'permit', 'tunnel', 'pair-policy');
	const pair = inward.find(({ name, from, to }) => name === pairName && from === policy.to && to === policy.from);
	const mirrored = (one: Policy): boolean => {
		const there = sideOf(security, one, 'source-address');
		const here = sideOf(security, one, 'destination-address');
		return there.cidrs.join() === destination.cidrs.join() && here.cidrs.join() === source.cidrs.join();
	};
	if (pair === undefined) {
		const candidate = inward.find(mirrored) ?? inward[0];
		faults.push(
			finding('pair-policy', pairLine, {
				message:
					pairName === undefined
						? `policy ${policy.name} has no pair-policy`
						: `pair-policy ${pairName} is no tunnel policy from ${policy.to} to ${policy.from}`,
				expected: `a policy from zone ${policy.to} to zone ${policy.from} into the same tunnel, each naming the other`,
				commands: candidate === undefined ? [] : [`set ${path} then permit tunnel pair-policy ${candidate.name}`],
			}),
		);
		return faults;
	}
	const back = wordOf(pair.node, 'then', 'permit', 'tunnel', 'pair-policy');
	if (back !== policy.name)
		faults.push(
			finding('pair-policy', lineOf(pair.node, undefined, 'then', 'permit', 'tunnel', 'pair-policy'), {
				message: `policy ${pair.name} names ${back ?? 'no policy'} as its pair, and not ${policy.name}`,
				expected: `pair-policy ${policy.name}`,
				commands: [`set ${pathOf(pair)} then permit tunnel pair-policy ${policy.name}`],
			}),
		);
	const there = sideOf(security, pair, 'source-address');
	const here = sideOf(security, pair, 'destination-address');
	const unread = [there, here, source, destination].some((side) => side.faults.length > 0);
	if (!unread && !mirrored(pair))
		faults.push(
			finding('subnets-not-mirrored', there.cidrs.join() === destination.cidrs.join() ? here.line : there.line, {
				message: `policy ${pair.name} is from ${there.cidrs.join(', ')} to ${here.cidrs.join(', ')}, which does not mirror policy ${policy.name}`,
				expected: `source ${destination.names.join(', ')}, destination ${source.names.join(', ')}`,
				commands: [
					...there.names.map((name) => `delete ${pathOf(pair)} match source-address ${name}`),
					...here.names.map((name) => `delete ${pathOf(pair)} match destination-address ${name}`),
					...destination.names.map((name) => `set ${pathOf(pair)} match source-address ${name}`),
					...source.names.map((name) => `set ${pathOf(pair)} match destination-address ${name}`),
				],
			}),
		);
	if (source.names.length > 1 || destination.names.length > 1 || source.cidrs.length > 1 || destination.cidrs.length > 1)
		faults.push(
			finding('subnets-not-mirrored', source.cidrs.length > 1 ? source.line : destination.line, {
				message: `policy ${policy.name} has several addresses on a side: its proxy identity is then 0.0.0.0/0`,
				expected: 'one source and one destination address a policy, and a policy pair a subnet pair',
				commands: [],
			}),
		);
	return faults;
};

/** Policies are searched from the top: an earlier one that takes the pair in hides the tunnel. */
const shadowing = (security: JunosNode, policy: Policy, all: readonly Policy[], { local, remote }: Pair): Finding[] => {
	const own = {
		source: sideOf(security, policy, 'source-address'),
		destination: sideOf(security, policy, 'destination-address'),
	};
	if (!own.source.cidrs.includes(local) || !own.destination.cidrs.includes(remote)) return [];
	const context = all.filter(({ from, to }) => from === policy.from && to === policy.to);
	const earlier = context
		.slice(0, context.indexOf(policy))
		.find(
			(one) =>
				at(one.node, 'then', 'permit', 'tunnel') === undefined &&
				meets(sideOf(security, one, 'source-address').cidrs, local) &&
				meets(sideOf(security, one, 'destination-address').cidrs, remote),
		);
	if (earlier === undefined) return [];
	return [
		finding('policy-order', policy.node.line, {
			message: `policy ${earlier.name} stands before ${policy.name} and takes packets from ${local} to ${remote}`,
			expected: `policy ${policy.name} before policy ${earlier.name}`,
			commands: [`insert ${pathOf(policy)} before policy ${earlier.name}`],
		}),
	];
};

type Zones = { inside: string; outside: string; outward: readonly Policy[]; wanted: readonly Pair[] };

/** Source translation comes before the tunnel: the pairs need a rule that does without, ahead of the others. */
const translation = (security: JunosNode, { inside, outside, outward, wanted }: Zones): Finding[] => {
	const insides = outward.length === 0 ? [inside] : [...new Set(outward.map(({ from }) => from))];
	return named(security, 'nat', 'source', 'rule-set').flatMap(([setName, set]) => {
		const isBetween =
			wordsOf(set, 'from', 'zone').some((zone) => insides.includes(zone)) && wordsOf(set, 'to', 'zone').includes(outside);
		if (!isBetween) return [];
		const caught = wanted.flatMap((pair) => {
			const rule = deciding(set, pair);
			return rule === undefined || at(rule[1], 'then', 'source-nat', 'off') !== undefined ? [] : [{ pair, rule }];
		});
		const [first] = caught;
		if (first === undefined) return [];
		const [name, rule] = first.rule;
		const path = `security nat source rule-set ${setName} rule`;
		const locals = caught.map(({ pair }) => pair.local);
		return [
			finding('nat-exemption', rule.line, {
				message: `rule ${name} of source rule-set ${setName} translates packets from ${locals.join(', ')} to ${first.pair.remote}`,
				expected: 'a rule before it that matches these, then source-nat off',
				commands: [
					...locals.map((local) => `set ${path} ${ownName}-no-nat match source-address ${local}`),
					`set ${path} ${ownName}-no-nat match destination-address ${first.pair.remote}`,
					`set ${path} ${ownName}-no-nat then source-nat off`,
					`insert ${path} ${ownName}-no-nat before rule ${name}`,
				],
			}),
		];
	});
};

/** The first rule for some packet of the pair; one that does without counts where it has all of them. */
const deciding = (set: JunosNode, { local, remote }: Pair): Named | undefined =>
	named(set, 'rule').find(([, rule]) => {
		const covers = at(rule, 'then', 'source-nat', 'off') !== undefined ? matches : meets;
		const sources = wordsOf(rule, 'match', 'source-address').map(cidrOf);
		const destinations = wordsOf(rule, 'match', 'destination-address').map(cidrOf);
		return (sources.length === 0 || covers(sources, local)) && (destinations.length === 0 || covers(destinations, remote));
	});

/** What a JunOS text of set commands, or in braces, makes the device do. */
export const readJunos = (text: string): DeviceReading => {
	const { root, unknown, inserts } = junosTree(text);
	const security = at(root, 'security') ?? none;
	const tunnels = named(security, 'ipsec', 'vpn').map((vpn) => tunnelOf(security, vpn));
	const policies = policiesOf(security);
	return { tunnels, faults: [], unknown, unused: unusedOf(security, policies), meaning: [meaningOf(root), inserts] };
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
