import { canonicalCidr, cidrContains } from './cidr.ts';
import type { Encryption, Hash } from './crypto-suite.ts';
import { type Acl, type AclEnd, decidingEntry, entryText, letsIn, withWildcard } from './ios-acl.ts';
import { type Command, type IosConfig, type IosMapEntry, type IosPolicy, type IosTransformSet, iosLines } from './ios-lines.ts';
import { iosEspEncryption, iosEspHash, iosIkeEncryption, iosIkeHash } from './ios-terms.ts';
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

const ikeLifetimeDefault = 86_400;
const espLifetimeDefault = 3_600;
const ikeLifetimes = [60, 86_400] as const;
const espLifetimes = [120, 86_400] as const;
const keyWord = 'PRE-SHARED-KEY';

const finding = (what: FindingCode, line: number, told: Omit<Finding, 'what' | 'line'>): Finding => ({ what, line, ...told });
const undefinedName = (line: number, what: string, commands: string[]): Finding =>
	finding('undefined-name', line, { message: `${what} is not defined`, expected: `a definition of ${what}`, commands });

/** `aes` alone is of 128 bits, and so is `aes 128`. */
const encryptionWord = (words: readonly string[]): string =>
	words
		.join(' ')
		.toLowerCase()
		.replace(/aes 128$/, 'aes');
const termOf = <T extends string>(terms: Partial<Record<T, string>>, word: string): T | undefined =>
	(Object.keys(terms) as T[]).find((key) => terms[key] === word);

const setting = <T>(
	command: Command | undefined,
	byDefault: { words: string[]; line: number },
	{ read, set }: { read: (words: string[]) => T | undefined; set: (wanted: T) => string[] },
): Setting<T> => {
	const { words, line } = command ?? byDefault;
	return { value: read(words), found: command === undefined ? `${words.join(' ')}, the default` : words.join(' '), line, set };
};

const phase1Of = ({ number, line, values }: IosPolicy): DeviceProposal => {
	const header = `crypto isakmp policy ${number}`;
	return {
		encryption: setting<Encryption>(
			values.get('encryption'),
			{ words: ['des'], line },
			{
				read: (words) => termOf(iosIkeEncryption, encryptionWord(words)),
				set: (wanted) => [header, ` encryption ${iosIkeEncryption[wanted]}`],
			},
		),
		hash: setting<Hash>(
			values.get('hash'),
			{ words: ['sha'], line },
			{
				read: ([word = '']) => termOf(iosIkeHash, word.toLowerCase()),
				set: (wanted) => [header, ` hash ${iosIkeHash[wanted]}`],
			},
		),
		dhGroup: setting<number>(
			values.get('group'),
			{ words: ['1'], line },
			{
				read: ([word]) => Number(word),
				set: (wanted) => [header, ` group ${wanted}`],
			},
		),
		lifetimeSeconds: setting<number>(
			values.get('lifetime'),
			{ words: [String(ikeLifetimeDefault)], line },
			{
				read: ([word]) => Number(word),
				set: (wanted) => [header, ` lifetime ${wanted}`],
			},
		),
	};
};

const sha2 = /^esp-sha(256|384|512)-hmac$/;
const isCipher = (word: string): boolean => /^esp-(aes|3des|des|null|seal)$/.test(word);
const isHash = (word: string): boolean => /^esp-(sha|md5)-hmac$/.test(word) || sha2.test(word);

const phase2Of = ({ name, line, transforms }: IosTransformSet, lifetime: Setting<number>): DeviceProposal => {
	const words = transforms.map((word) => word.toLowerCase());
	const cipher = words.findIndex(isCipher);
	const bits = /^\d+$/.test(words[cipher + 1] ?? '') ? [words[cipher + 1] ?? ''] : [];
	const encryption = cipher < 0 ? 'no encryption' : encryptionWord([words[cipher] ?? '', ...bits]);
	const hash = words.find(isHash) ?? 'no authentication';
	const header = `crypto ipsec transform-set ${name}`;
	return {
		encryption: {
			value: termOf(iosEspEncryption, encryption),
			found: encryption,
			line,
			set: (wanted) => [`${header} ${iosEspEncryption[wanted]} ${hash}`],
		},
		hash: {
			value: termOf(iosEspHash, hash),
			found: hash,
			line,
			set: (wanted) => [`${header} ${encryption} ${iosEspHash[wanted]}`],
		},
		lifetimeSeconds: lifetime,
	};
};

const outOfRange = (found: Setting<number>, [least, most]: readonly [number, number]): Finding[] => {
	const { value = Number.NaN } = found;
	if (Number.isInteger(value) && value >= least && value <= most) return [];
	return [
		finding('out-of-range', found.line, {
			message: `a lifetime of ${found.found} is not in ${least} to ${most}`,
			expected: `${least} to ${most}`,
			commands: found.set(Math.min(most, Math.max(least, value || least))),
		}),
	];
};

const pairText = ({ local, remote }: Pair): string => `ip ${withWildcard(local)} ${withWildcard(remote)}`;

const editList = ({ name, kind }: Acl, lines: readonly string[]): string[] => [
	`ip access-list ${kind} ${name}`,
	...lines.map((line) => ` ${line}`),
];

const tunnelOf = (config: IosConfig, entry: IosMapEntry): DeviceTunnel => {
	const { name, sequence, line, values } = entry;
	const header = `crypto map ${name} ${sequence} ipsec-isakmp`;
	const faults: Finding[] = [];
	const peer = values.get('set peer');
	const address = peer?.words[0];

	const shared = config.policies.filter(({ values: own }) =>
		own.get('authentication')?.words[0]?.toLowerCase().startsWith('pre'),
	);
	if (shared.length === 0) {
		const [policy] = config.policies;
		faults.push(
			policy === undefined
				? undefinedName(line, 'an isakmp policy', ['crypto isakmp policy 10'])
				: finding('authentication', policy.values.get('authentication')?.line ?? policy.line, {
						message: `isakmp policy ${policy.number} authenticates by ${policy.values.get('authentication')?.words[0] ?? 'rsa-sig, the default'}`,
						expected: 'authentication pre-share',
						commands: [`crypto isakmp policy ${policy.number}`, ' authentication pre-share'],
					}),
		);
	}
	faults.push(...keyFaults(config, { address, line: peer?.line ?? line }));

	const own = values.get('set security-association lifetime seconds');
	const general = config.settings.get('crypto ipsec security-association lifetime seconds');
	const lifetime = setting<number>(
		own ?? general,
		{ words: [String(espLifetimeDefault)], line },
		{
			read: ([word]) => Number(word),
			set: (wanted) => [header, ` set security-association lifetime seconds ${wanted}`],
		},
	);
	const sets = values.get('set transform-set');
	if (sets === undefined)
		faults.push(undefinedName(line, `the transform-set of crypto map ${name} ${sequence}`, [header, ' set transform-set …']));
	const phase2 = (sets?.words ?? []).flatMap((wanted) => {
		const set = config.transformSets.find((one) => one.name === wanted);
		if (set === undefined) {
			faults.push(undefinedName(sets?.line ?? line, `transform-set ${wanted}`, [`crypto ipsec transform-set ${wanted} …`]));
			return [];
		}
		faults.push(...transformFaults(set));
		return [phase2Of(set, lifetime)];
	});
	const phase1 = shared.map(phase1Of);
	for (const { lifetimeSeconds } of phase1) faults.push(...outOfRange(lifetimeSeconds, ikeLifetimes));
	faults.push(...outOfRange(lifetime, espLifetimes));

	const matched = values.get('match address');
	const listName = matched?.words[0];
	const list = config.lists.find((one) => one.name === listName);
	if (list === undefined)
		faults.push(
			undefinedName(
				matched?.line ?? line,
				listName === undefined ? `match address of crypto map ${name} ${sequence}` : `access list ${listName}`,
				[`ip access-list extended ${listName ?? '…'}`],
			),
		);
	const { pairs, faults: pairFaults, unreadPairs } = pairsOf(list);
	faults.push(...pairFaults);

	const applied = config.interfaces.filter((one) => one.values.get('crypto map')?.words[0] === name);
	const pfs = values.get('set pfs');
	return {
		name: `${name} ${sequence}`,
		line,
		peerAddress: {
			value: address,
			found: address ?? 'nothing',
			line: peer?.line ?? line,
			set: (wanted) => [
				header,
				...(address === undefined ? [] : [` no set peer ${address}`]),
				` set peer ${wanted}`,
				'exit',
				`crypto isakmp key ${keyWord} address ${wanted}`,
			],
		},
		key: config.keys.find((one) => address !== undefined && matchesKey(one, address))?.key,
		phase1,
		phase2,
		pfsGroup: {
			// Without a group it is group 1.
			value: pfs === undefined ? null : Number(/^group(\d+)$/.exec(pfs.words[0] ?? 'group1')?.[1] ?? Number.NaN),
			found: pfs === undefined ? 'no set pfs' : `set pfs ${pfs.words.join(' ')}`.trim(),
			line: pfs?.line ?? line,
			set: (wanted) => [header, wanted === null ? ' no set pfs' : ` set pfs group${wanted}`],
		},
		pairs,
		unreadPairs: list === undefined ? Number.POSITIVE_INFINITY : unreadPairs,
		addPair: (pair) => (list === undefined ? [] : editList(list, [`permit ${pairText(pair)}`])),
		faults,
		inTheWay: (wanted) => [
			...(applied.length === 0 ? [notApplied(config, entry)] : []),
			...applied.flatMap((one) => (address === undefined ? [] : filtered(config, one.values.get('ip access-group in'), address))),
			...(list === undefined ? [] : wanted.flatMap((pair) => refusedFirst(list, pair))),
			...translated(config, wanted),
		],
	};
};

const matchesKey = ({ address, mask }: IosConfig['keys'][number], peer: string): boolean =>
	mask === '255.255.255.255' ? address === peer : mask === '0.0.0.0' || cidrContains(maskedBlock(address, mask), `${peer}/32`);
const maskedBlock = (address: string, mask: string): string => {
	const length = mask.split('.').reduce((bits, octet) => bits + Number(octet).toString(2).replaceAll('0', '').length, 0);
	return canonicalCidr(`${address}/${length}`);
};

const keyFaults = ({ keys, maps }: IosConfig, { address, line }: { address: string | undefined; line: number }): Finding[] => {
	if (address === undefined || keys.some((key) => matchesKey(key, address))) return [];
	const peers = maps.flatMap(({ values }) => values.get('set peer')?.words[0] ?? []);
	const stray = keys.find((key) => !peers.some((peer) => matchesKey(key, peer)));
	return [
		finding('key-missing', stray?.line ?? line, {
			message:
				stray === undefined
					? `there is no key for ${address}`
					: `this key is for ${stray.address}, and there is none for ${address}`,
			expected: `crypto isakmp key ${keyWord} address ${address}`,
			commands: [
				...(stray === undefined ? [] : [`no crypto isakmp key ${keyWord} address ${stray.address}`]),
				`crypto isakmp key ${keyWord} address ${address}`,
			],
		}),
	];
};

const transformFaults = ({ name, line, transforms, mode }: IosTransformSet): Finding[] => [
	...(mode?.words[0]?.toLowerCase().startsWith('tr')
		? [
				finding('transport-mode', mode.line, {
					message: `transform-set ${name} is of transport mode`,
					expected: 'mode tunnel',
					commands: [`crypto ipsec transform-set ${name} ${transforms.join(' ')}`, ' mode tunnel'],
				}),
			]
		: []),
	...(transforms.some((word) => /^ah-/i.test(word))
		? [
				finding('phase2-protocol', line, {
					message: `transform-set ${name} has ${transforms.find((word) => /^ah-/i.test(word))}`,
					expected: 'esp and no ah',
					commands: [`crypto ipsec transform-set ${name} ${transforms.filter((word) => !/^ah-/i.test(word)).join(' ')}`],
				}),
			]
		: []),
];

/** The pairs that the list puts into the tunnel, an SA pair an entry. */
const pairsOf = (list: Acl | undefined): { pairs: DevicePair[]; faults: Finding[]; unreadPairs: number } => {
	const faults: Finding[] = [];
	const pairs: DevicePair[] = [];
	let unreadPairs = 0;
	for (const entry of list?.entries ?? []) {
		if (list === undefined || entry.action !== 'permit') continue;
		const { protocol, source, destination, line, sequence } = entry;
		if (protocol !== 'ip') {
			unreadPairs++;
			faults.push(
				finding('application', line, {
					message: `this entry of access list ${list.name} is for ${protocol}, which becomes part of the proxy identity`,
					expected: 'permit ip',
					commands: editList(list, [`no ${entryText(entry)}`, `${sequence} ${entryText({ ...entry, protocol: 'ip' })}`]),
				}),
			);
			continue;
		}
		const netmasks = (['source', 'destination'] as const).filter((end) => entry[end].meant !== undefined);
		if (netmasks.length > 0) {
			const meant = (end: AclEnd): AclEnd => (end.meant === undefined ? end : { cidr: end.meant, text: withWildcard(end.meant) });
			const right = entryText({ ...entry, source: meant(source), destination: meant(destination) });
			faults.push(
				finding('netmask-for-wildcard', line, {
					message: `access list ${list.name} has the netmask of ${netmasks.map((end) => entry[end].text).join(' and ')} where a wildcard belongs`,
					expected: right,
					commands: editList(list, [`no ${entryText(entry)}`, right]),
				}),
			);
		}
		const end = (which: AclEnd): Value<string> => ({ value: which.cidr ?? which.meant, found: which.cidr ?? which.text, line });
		pairs.push({
			local: end(source),
			remote: end(destination),
			replace: (wanted) => editList(list, [`no ${entryText(entry)}`, `permit ${pairText(wanted)}`]),
			remove: editList(list, [`no ${entryText(entry)}`]),
		});
	}
	return { pairs, faults, unreadPairs };
};

const notApplied = ({ interfaces }: IosConfig, { name, line }: IosMapEntry): Finding => {
	const other = interfaces.find(({ values }) => values.has('crypto map'));
	const outside = interfaces.find(({ values }) => values.has('ip nat outside')) ?? other;
	return finding('map-not-applied', other?.values.get('crypto map')?.line ?? outside?.line ?? line, {
		message: `crypto map ${name} is at no interface`,
		expected: `crypto map ${name} at the interface to the internet`,
		commands: [`interface ${outside?.name ?? '…'}`, ` crypto map ${name}`],
	});
};

const ikePorts = ['eq 500', 'eq isakmp'];

const filtered = ({ lists }: IosConfig, group: Command | undefined, from: string): Finding[] => {
	const list = lists.find(({ name }) => name === group?.words[0]);
	if (list === undefined || group === undefined) return [];
	const missing = [
		...(letsIn(list, { protocol: 'udp', from, port: ikePorts }) ? [] : [`permit udp host ${from} any eq isakmp`]),
		...(letsIn(list, { protocol: 'esp', from }) ? [] : [`permit esp host ${from} any`]),
	];
	if (missing.length === 0) return [];
	return [
		finding('firewall', list.entries[0]?.line ?? list.line, {
			message: `access list ${list.name} at the outside interface does not let the tunnel's packets in`,
			expected: missing.join(', '),
			commands: [
				`ip access-list resequence ${list.name} 1000 10`,
				...editList(
					list,
					missing.map((one, n) => `${100 + n} ${one}`),
				),
			],
		}),
	];
};

/** A refusal that covers a pair, before the entry that would put it into the tunnel. */
const refusedFirst = (list: Acl, pair: Pair): Finding[] => {
	const first = decidingEntry(list, pair);
	if (first === undefined || first.action === 'permit') return [];
	return [
		finding('policy-order', first.line, {
			message: `access list ${list.name} refuses ${pair.local} to ${pair.remote} before it permits it`,
			expected: `permit ${pairText(pair)} before it`,
			commands: editList(list, [
				`no ${entryText(first)}`,
				...(list.entries.some(
					({ action, source, destination }) =>
						action === 'permit' && source.cidr === pair.local && destination.cidr === pair.remote,
				)
					? []
					: [`permit ${pairText(pair)}`]),
			]),
		}),
	];
};

/** What is translated never reaches the crypto map. */
const translated = (config: IosConfig, wanted: readonly Pair[]): Finding[] =>
	config.nats.flatMap(({ list, routeMap, text }) => {
		const names = list === undefined ? routeMapLists(config, routeMap) : [list];
		return config.lists
			.filter(({ name }) => names.includes(name))
			.flatMap((found) => {
				const caught = wanted.flatMap((pair) => {
					const first = decidingEntry(found, pair);
					return first?.action === 'permit' ? [{ pair, line: first.line }] : [];
				});
				const [first] = caught;
				if (first === undefined) return [];
				const refusals = caught.map(({ pair }) => `deny ${pairText(pair)}`);
				return [
					finding('nat-exemption', first.line, {
						message: `access list ${found.name} has packets from ${caught.map(({ pair }) => pair.local).join(', ')} to ${first.pair.remote} translated`,
						expected: `${refusals.join(', ')} before it`,
						commands: found.kind === 'extended' ? refuseFirst(found, refusals) : byAnotherList(found, refusals, text),
					}),
				];
			});
	});

const refuseFirst = (list: Acl, refusals: readonly string[]): string[] => [
	`ip access-list resequence ${list.name} 1000 10`,
	...editList(
		list,
		refusals.map((refusal, n) => `${100 + n} ${refusal}`),
	),
];

/** A standard list knows sources only: an extended one takes its place. */
const byAnotherList = ({ entries }: Acl, refusals: readonly string[], nat: string): string[] => [
	'ip access-list extended S2S-NAT',
	...refusals.map((refusal) => ` ${refusal}`),
	...entries.map(({ action, source }) => ` ${action} ip ${source.text} any`),
	'exit',
	`no ${nat}`,
	nat.replace(/ (list|route-map) \S+/i, ' list S2S-NAT'),
];

const routeMapLists = ({ routeMaps }: IosConfig, name: string | undefined): string[] =>
	(routeMaps.find((one) => one.name === name)?.entries ?? []).flatMap(({ action, lists }) => (action === 'permit' ? lists : []));

/** What an IOS text makes the device do: of a running configuration, or as it is typed. */
export const readIos = (text: string): DeviceReading => {
	const config = iosLines(text);
	return {
		tunnels: config.maps.map((entry) => tunnelOf(config, entry)),
		faults: config.droppedMaps.map(({ name, line }) =>
			finding('map-dropped', line, {
				message: `no crypto map ${name} takes every entry of the map away, other tunnels too`,
				expected: `crypto map ${name} with a free sequence number, and nothing taken away`,
				commands: [],
			}),
		),
		unknown: config.unknown,
		unused: unusedOf(config),
		meaning: meaningOf(config),
	};
};

const withoutLines = (values: ReadonlyMap<string, Command>): unknown =>
	[...values].map(([key, { words }]) => [key, words]).sort();

const meaningOf = ({
	policies,
	keys,
	transformSets,
	maps,
	interfaces,
	lists,
	nats,
	routeMaps,
	settings,
}: IosConfig): unknown => ({
	policies: policies.map(({ number, values }) => [number, withoutLines(values)]),
	keys: keys.map(({ key, address, mask }) => [key, address, mask]),
	transformSets: transformSets.map(({ name, transforms, mode }) => [name, transforms, mode?.words]),
	maps: maps.map(({ name, sequence, values }) => [name, sequence, withoutLines(values)]),
	interfaces: interfaces.map(({ name, values }) => [name, withoutLines(values)]),
	lists: lists.map(({ name, kind, entries }) => [name, kind, entries.map((entry) => [entry.sequence, entryText(entry)])]),
	nats: nats.map(({ text }) => text),
	routeMaps: routeMaps.map(({ name, entries }) => [
		name,
		entries.map(({ action, sequence, lists: own }) => [action, sequence, own]),
	]),
	settings: withoutLines(settings),
});

/** Definitions that nothing refers to. Of what translation goes by, only the exemptions may be in the text. */
const unusedOf = ({ transformSets, maps, interfaces, lists, nats, routeMaps, settings }: IosConfig): Line[] => {
	const sets = new Set(maps.flatMap(({ values }) => values.get('set transform-set')?.words ?? []));
	const applied = new Set(interfaces.map(({ values }) => values.get('crypto map')?.words[0]));
	const used = new Set([
		...maps.flatMap(({ values }) => values.get('match address')?.words ?? []),
		...nats.map(({ list }) => list),
		...routeMaps.flatMap(({ entries }) => entries.flatMap((entry) => entry.lists)),
		...interfaces.flatMap(({ values }) => [
			...(values.get('ip access-group in')?.words ?? []),
			...(values.get('ip access-group out')?.words ?? []),
		]),
		...[...settings.keys()].flatMap((key) => /^ip access-list resequence (.*)$/.exec(key)?.[1] ?? []),
	]);
	return [
		...transformSets.filter(({ name }) => !sets.has(name)).map(({ name, line }) => ({ line, text: `transform-set ${name}` })),
		...maps
			.filter(({ name }) => !applied.has(name))
			.map(({ name, sequence, line }) => ({ line, text: `crypto map ${name} ${sequence}` })),
		...lists.filter(({ name }) => !used.has(name)).map(({ name, line }) => ({ line, text: `access list ${name}` })),
	];
};
