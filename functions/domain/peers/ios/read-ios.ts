import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceReading, DeviceTunnel, Line } from '../contract/peer-reading.ts';
import { keyPlaceholder } from '../contract/peer-view.ts';
import { entryText } from './ios-acl.ts';
import type { Command, IosConfig, IosMapEntry } from './ios-config.ts';
import { filtered, notApplied } from './ios-interface.ts';
import { keyFaults, matchesKey } from './ios-keys.ts';
import { iosLines } from './ios-lines.ts';
import { editList, pairsOf, pairText, refusedFirst } from './ios-pairs.ts';
import { phase1Of, phase2Of } from './ios-phases.ts';
import { translated } from './ios-source-nat.ts';

const tunnelOf = (config: IosConfig, entry: IosMapEntry): DeviceTunnel => {
	const { name, sequence, line, values } = entry;
	const header = `crypto map ${name} ${sequence} ipsec-isakmp`;
	const peer = values.get('set peer');
	const address = peer?.words[0];
	const matched = values.get('match address');
	const listName = matched?.words[0];
	const list = config.lists.find((one) => one.name === listName);
	const missing = listName === undefined ? `match address of crypto map ${name} ${sequence}` : `access list ${listName}`;
	const phase1 = phase1Of(config, entry);
	const phase2 = phase2Of(config, entry);
	const { pairs, faults, unreadPairs } = pairsOf(list);
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
				`crypto isakmp key ${keyPlaceholder} address ${wanted}`,
			],
		},
		key: config.keys.find((one) => address !== undefined && matchesKey(one, address))?.key,
		phase1: phase1.offers,
		phase2: phase2.offers,
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
		faults: [
			...phase1.faults,
			...keyFaults(config, { address, line: peer?.line ?? line }),
			...phase2.faults,
			...(list === undefined
				? [undefinedName(matched?.line ?? line, missing, [`ip access-list extended ${listName ?? '…'}`])]
				: []),
			...faults,
		],
		inTheWay: (wanted) => [
			...(applied.length === 0 ? [notApplied(config, entry)] : []),
			...applied.flatMap((one) => (address === undefined ? [] : filtered(config, one.values.get('ip access-group in'), address))),
			...(list === undefined ? [] : wanted.flatMap((pair) => refusedFirst(list, pair))),
			...translated(config, wanted),
		],
	};
};

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
