import { Ipv4 } from '../../model/cidr.ts';
import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceReading, DeviceTunnel, Finding, NotCompared, Setting } from '../contract/peer-reading.ts';
import { keyPlaceholder, type PeerView } from '../contract/peer-view.ts';
import { notRead, type Size, tooLarge } from '../contract/size-limits.ts';
import type { IosConfig, IosMapEntry } from './ios-config.ts';
import { filtered, filterNotCompared } from './ios-filter.ts';
import { identityFaults, identityNotCompared } from './ios-identity.ts';
import { appliedAt, notApplied, shutDown } from './ios-interface.ts';
import { deviceKey, keyFaults, unresolvedKeys } from './ios-keys.ts';
import { iosLines } from './ios-lines.ts';
import { meaningOf, unusedOf } from './ios-meaning.ts';
import { editList, pairsOf, pairText, refusedFirst, takenBefore } from './ios-pairs.ts';
import { type Phase, phase1Of, phase2Of } from './ios-phases.ts';
import { translated } from './ios-source-nat.ts';
import { tunnelInterfaces } from './ios-tunnel-interface.ts';

/** The addresses of an entry's peers; the one that is tried first comes first. */
const peersOf = ({ hosts }: IosConfig, { peers }: IosMapEntry): string[] =>
	[...peers.filter(({ isDefault }) => isDefault), ...peers.filter(({ isDefault }) => !isDefault)].flatMap(({ name }) =>
		Ipv4.safeParse(name).success ? [name] : (hosts.get(name.toLowerCase()) ?? []),
	);

const headerOf = ({ name, sequence }: IosMapEntry): string => `crypto map ${name} ${sequence} ipsec-isakmp`;

/** Whether the device has tunnels to others, which go by the same policies. */
const hasOthers = (config: IosConfig, peers: readonly string[]): boolean =>
	config.notRead.has('dynamic-map') || config.maps.some((other) => peersOf(config, other).some((peer) => !peers.includes(peer)));

const peerAddressOf = (config: IosConfig, entry: IosMapEntry): Setting<string> => {
	const names = entry.peers.map(({ name }) => name);
	const [only] = names;
	return {
		value: peersOf(config, entry)[0],
		found: names.join(', ') || 'nothing',
		line: entry.peers[0]?.line ?? entry.line,
		// Of several peers none is taken away: which of them is the wrong one is not known.
		set: (wanted) => [
			headerOf(entry),
			...(only === undefined || names.length > 1 ? [] : [` no set peer ${only}`]),
			` set peer ${wanted}${names.length > 1 ? ' default' : ''}`,
			// A key that is there stays: the placeholder would take its place.
			...(deviceKey(config, wanted) === undefined ? ['exit', `crypto isakmp key ${keyPlaceholder} address ${wanted}`] : []),
		],
	};
};

const pfsOf = (entry: IosMapEntry): Setting<number | null> => {
	const pfs = entry.values.get('set pfs');
	return {
		// Without a group it is group 1.
		value: pfs === undefined ? null : Number(/^group(\d+)$/.exec(pfs.words[0] ?? 'group1')?.[1] ?? 0),
		found: pfs === undefined ? 'no set pfs' : `set pfs ${pfs.words.join(' ')}`.trim(),
		line: pfs?.line ?? entry.line,
		set: (wanted) => [headerOf(entry), wanted === null ? ' no set pfs' : ` set pfs group${wanted}`],
	};
};

const ikeVersionOf = ({ line, values }: IosMapEntry): DeviceTunnel['ikeVersion'] => {
	const profile = values.get('set ikev2-profile');
	return profile === undefined
		? { value: 'ikev1', found: 'IKEv1, of isakmp policies', line, set: () => [] }
		: { value: 'ikev2', found: `IKEv2, by set ikev2-profile ${profile.words[0]}`, line: profile.line, set: () => [] };
};

const notComparedOf = (config: IosConfig, entry: IosMapEntry): NotCompared[] => {
	const { name, line, values } = entry;
	const keyring = config.notRead.get('keyring');
	const profile = values.get('set isakmp-profile');
	const proposal = values.get('set ikev2-profile');
	const unnamed = entry.peers.find(({ name: peer }) => !Ipv4.safeParse(peer).success && !config.hosts.has(peer.toLowerCase()));
	const list = config.lists.find((one) => one.name === values.get('match address')?.words[0]);
	return [
		...(keyring === undefined
			? []
			: [{ what: 'keyring' as const, line: keyring.line, message: `${keyring.text} is not read here` }]),
		...unresolvedKeys(config).map(({ host, line: at }) => ({
			what: 'pre-shared-key' as const,
			line: at,
			message: `this key is for host name ${host}, and the text does not say its address`,
		})),
		...(profile === undefined
			? []
			: [
					{ what: 'isakmp-profile' as const, line: profile.line, message: `isakmp profile ${profile.words[0]} is not read here` },
				]),
		...(proposal === undefined
			? []
			: [
					{
						what: 'ike-proposal' as const,
						line: proposal.line,
						message: `the proposal and the key of ikev2 profile ${proposal.words[0]} are not read here`,
					},
				]),
		...(unnamed === undefined
			? []
			: [{ what: 'peer-name' as const, line: unnamed.line, message: `the text does not say the address of ${unnamed.name}` }]),
		...(list?.unread.slice(0, 1) ?? []).map((one) => ({
			what: 'access-list' as const,
			line: one.line,
			message: `access list ${list?.name ?? ''} has entries that are not read here, such as those of object groups`,
		})),
		...(config.interfaces.length === 0
			? [
					{
						what: 'interface' as const,
						line,
						message: `there is no interface in the text, so where crypto map ${name} is is not known`,
					},
				]
			: []),
		...identityNotCompared(config, entry),
		...appliedAt(config, name).flatMap((one) => filterNotCompared(config, one)),
	];
};

const disabled = ({ settings }: IosConfig): Finding[] => {
	const off = settings.get('no crypto isakmp enable');
	return off === undefined
		? []
		: [
				finding('ike-not-allowed', off.line, {
					message: 'no crypto isakmp enable: the device takes no IKE in and begins none',
					expected: 'crypto isakmp enable',
					commands: ['crypto isakmp enable'],
				}),
			];
};

const tunnelOf = (config: IosConfig, entry: IosMapEntry): DeviceTunnel => {
	const { name, sequence, line, values } = entry;
	const matched = values.get('match address');
	const listName = matched?.words[0];
	const list = config.lists.find((one) => one.name === listName);
	const peers = peersOf(config, entry);
	const ikeVersion = ikeVersionOf(entry);
	const phase1: Phase =
		ikeVersion.value === 'ikev2'
			? { offers: [], faults: [], missing: () => [] }
			: phase1Of(config, line, { isShared: hasOthers(config, peers) });
	const phase2 = phase2Of(config, entry);
	const { pairs, faults, unreadPairs } = pairsOf(list);
	const applied = appliedAt(config, name);
	return {
		name: `${name} ${sequence}`,
		line,
		group: name,
		inUse: applied.length > 0,
		peerAddress: peerAddressOf(config, entry),
		peers,
		keyFor: (address) => (ikeVersion.value === 'ikev2' ? undefined : deviceKey(config, address)),
		ikeVersion,
		phase1: phase1.offers,
		phase2: phase2.offers,
		pfsGroup: pfsOf(entry),
		routeBased: undefined,
		pairs,
		unreadPairs: list === undefined ? Number.POSITIVE_INFINITY : unreadPairs,
		addPair: (pair) => (list === undefined || list.kind === 'standard' ? [] : editList(list.name, [`permit ${pairText(pair)}`])),
		faults: [...phase1.faults, ...phase2.faults, ...faults],
		inTheWay: (view) => [
			...phase1.missing(view.ike),
			...phase2.missing(view.esp),
			...(list === undefined ? [undefinedList(entry, view)] : []),
			...inTheWay(config, entry, { view, list, peers, isIkev1: ikeVersion.value !== 'ikev2' }),
		],
		notCompared: notComparedOf(config, entry),
	};
};

/** Where the entry names no list, one of its own sequence is made for it. */
const undefinedList = (entry: IosMapEntry, view: PeerView): Finding => {
	const { name, sequence, line, values } = entry;
	const matched = values.get('match address');
	const listName = matched?.words[0];
	const pairs = wantedPairs(view).map((pair) => `permit ${pairText(pair)}`);
	if (listName !== undefined) return undefinedName(matched?.line ?? line, `access list ${listName}`, editList(listName, pairs));
	const own = `S2S-${sequence}`;
	return undefinedName(line, `match address of crypto map ${name} ${sequence}`, [
		...editList(own, pairs),
		'exit',
		headerOf(entry),
		` match address ${own}`,
	]);
};

const wantedPairs = ({ localSubnets, remoteSubnet }: PeerView) => localSubnets.map((local) => ({ local, remote: remoteSubnet }));

type Around = { view: PeerView; list: IosConfig['lists'][number] | undefined; peers: string[]; isIkev1: boolean };

const inTheWay = (config: IosConfig, entry: IosMapEntry, { view, list, peers, isIkev1 }: Around): Finding[] => {
	const { remoteAddress } = view;
	const wanted = wantedPairs(view);
	const applied = appliedAt(config, entry.name);
	// Where the peer is another, that is the fault: nobody is to enter our key for it.
	const address = peers.includes(remoteAddress) ? remoteAddress : undefined;
	const keyed = isIkev1 && !entry.values.has('set isakmp-profile');
	return [
		...disabled(config),
		...(keyed ? keyFaults(config, { address, line: entry.peers[0]?.line ?? entry.line }) : []),
		...identityFaults(config, entry, view),
		...notApplied(config, entry, view),
		...shutDown(applied),
		...applied.flatMap((one) => filtered(config, one, view)),
		...(list === undefined ? [] : wanted.flatMap((pair) => [...refusedFirst(list, pair), ...takenBefore(config, entry, pair)])),
		...translated(config, wanted, applied),
	];
};

/** A list that several entries of maps go by is gone through for each of them. */
const entriesMatched = ({ maps, lists }: IosConfig): number => {
	const lengths = new Map(lists.map(({ name, entries }) => [name, entries.length]));
	return maps.reduce((sum, { values }) => sum + (lengths.get(values.get('match address')?.words[0] ?? '') ?? 0), 0);
};

const sizesOf = (config: IosConfig): Size[] => {
	const { maps, keys, lists, nats, routeMaps, interfaces, policies, transformSets } = config;
	return [
		{ what: 'crypto map entries', count: maps.length, most: 256 },
		{ what: 'isakmp policies', count: policies.length, most: 256 },
		{ what: 'transform sets', count: transformSets.length, most: 256 },
		{ what: 'keys', count: keys.length, most: 1_024 },
		{ what: 'peers of one crypto map entry', count: Math.max(0, ...maps.map(({ peers }) => peers.length)), most: 64 },
		{ what: 'interfaces', count: interfaces.length, most: 1_024 },
		{ what: 'access list entries', count: lists.reduce((sum, { entries }) => sum + entries.length, 0), most: 4_096 },
		{ what: 'access list entries of all crypto map entries', count: entriesMatched(config), most: 4_096 },
		{ what: 'static translations', count: nats.filter(({ by }) => 'hosts' in by).length, most: 2_048 },
		{ what: 'translation rules', count: nats.filter(({ by }) => !('hosts' in by)).length, most: 64 },
		{ what: 'route map entries', count: routeMaps.reduce((sum, { entries }) => sum + entries.length, 0), most: 1_024 },
	];
};

/** What an IOS text makes the device do: of a running configuration, or as it is typed. */
export const readIos = (text: string): DeviceReading => {
	const config = iosLines(text);
	const large = tooLarge(sizesOf(config));
	if (large.length > 0) return notRead(large);
	const dynamic = config.notRead.get('dynamic-map');
	return {
		tunnels: [...config.maps.map((entry) => tunnelOf(config, entry)), ...tunnelInterfaces(config)],
		faults: config.droppedMaps.map(({ name, line }) =>
			finding('map-dropped', line, {
				message: `no crypto map ${name} takes every entry of the map away, other tunnels too`,
				expected: `crypto map ${name} with a free sequence number, and nothing taken away`,
				commands: [],
			}),
		),
		notCompared:
			dynamic === undefined ? [] : [{ what: 'dynamic-map', line: dynamic.line, message: `${dynamic.text} is not read here` }],
		unknown: config.unknown,
		unused: unusedOf(config),
		meaning: meaningOf(config),
	};
};
