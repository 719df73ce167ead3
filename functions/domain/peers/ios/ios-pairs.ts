import { packetsOf, within } from '../contract/packets.ts';
import { finding } from '../contract/peer-finding.ts';
import type { DevicePair, Finding, Pair, Value } from '../contract/peer-reading.ts';
import { type Acl, type AclEnd, entryText, permitted, refusing, withWildcard } from './ios-acl.ts';
import type { IosConfig, IosMapEntry } from './ios-config.ts';

export const pairText = ({ local, remote }: Pair): string => `ip ${withWildcard(local)} ${withWildcard(remote)}`;

/** Lines of an extended list. */
export const editList = (name: string, lines: readonly string[]): string[] => [
	`ip access-list extended ${name}`,
	...lines.map((line) => ` ${line}`),
];

const first = (name: string, lines: readonly string[]): string[] => [
	`ip access-list resequence ${name} 1000 10`,
	...editList(
		name,
		lines.map((line, n) => `${100 + n} ${line}`),
	),
];

/** Refusals of pairs before all that an extended list has. */
export const refuseFirst = ({ name }: Acl, pairs: readonly Pair[]): string[] =>
	first(
		name,
		pairs.map((pair) => `deny ${pairText(pair)}`),
	);

/** The pairs that the list puts into the tunnel, an SA pair an entry. */
export const pairsOf = (list: Acl | undefined): { pairs: DevicePair[]; faults: Finding[]; unreadPairs: number } => {
	const faults: Finding[] = [];
	const pairs: DevicePair[] = [];
	let unreadPairs = list?.unread.length ?? 0;
	for (const entry of list?.entries ?? []) {
		if (list === undefined || entry.action !== 'permit') continue;
		const { protocol, source, destination, line, sequence } = entry;
		if (protocol !== 'ip') {
			unreadPairs++;
			faults.push(
				finding('application', line, {
					message: `this entry of access list ${list.name} is for ${protocol}, which becomes part of the proxy identity`,
					expected: 'permit ip',
					commands: editList(list.name, [
						`no ${entryText(entry)}`,
						`${sequence} ${entryText({ ...entry, protocol: 'ip', source: { ...source, port: '' }, destination: { ...destination, port: '' } })}`,
					]),
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
					commands: editList(list.name, [`no ${entryText(entry)}`, right]),
				}),
			);
		}
		const end = (which: AclEnd): Value<string> => ({ value: which.cidr ?? which.meant, found: which.cidr ?? which.text, line });
		pairs.push({
			local: end(source),
			remote: end(destination),
			replace: (wanted) => editList(list.name, [`no ${entryText(entry)}`, `permit ${pairText(wanted)}`]),
			remove: editList(list.name, [`no ${entryText(entry)}`]),
		});
	}
	return { pairs, faults, unreadPairs };
};

/** A refusal that covers a pair, before the entry that would put it into the tunnel. */
export const refusedFirst = (list: Acl, pair: Pair): Finding[] => {
	const packets = packetsOf(pair);
	const refusal = refusing(list, packets);
	if (refusal === undefined) return [];
	const later = list.entries
		.slice(list.entries.indexOf(refusal) + 1)
		.filter(
			({ action, protocol, source, destination }) =>
				action === 'permit' &&
				protocol === 'ip' &&
				source.cidr !== undefined &&
				destination.cidr !== undefined &&
				within(packets, { locals: [source.cidr], remotes: [destination.cidr] }).length > 0,
		);
	if (later.length === 0) return [];
	const own = later.find(({ source, destination }) => source.cidr === pair.local && destination.cidr === pair.remote);
	return [
		finding('policy-order', refusal.line, {
			message: `access list ${list.name} refuses ${pair.local} to ${pair.remote} before it permits it`,
			expected: `permit ${pairText(pair)} before it`,
			commands: [
				...(own === undefined ? [] : editList(list.name, [`no ${entryText(own)}`])),
				...first(list.name, [`permit ${pairText(pair)}`]),
			],
		}),
	];
};

/** Asked for each tunnel behind a list, whose answer is the same for all. */
const firstsOfLists = new WeakMap<Acl, Map<string, ReturnType<typeof permitted>[number] | undefined>>();

/** The first entry of a list that permits packets of a pair. */
const firstPermitting = (list: Acl, pair: Pair) => {
	const firsts = firstsOfLists.get(list) ?? new Map();
	firstsOfLists.set(list, firsts);
	const key = pairText(pair);
	if (!firsts.has(key)) firsts.set(key, permitted(list, packetsOf(pair))[0]);
	return firsts.get(key);
};

/** More than stand before a pair by mistake. */
const mostTakers = 16;

/** Entries of the same map that stand before, and take packets of a pair to another peer. */
export const takenBefore = (config: IosConfig, entry: IosMapEntry, pair: Pair): Finding[] => {
	const own = new Set(entry.peers.map(({ name }) => name));
	const earlier = config.maps.filter(
		({ name, sequence, peers }) =>
			name === entry.name && Number(sequence) < Number(entry.sequence) && !peers.some((peer) => own.has(peer.name)),
	);
	const findings: Finding[] = [];
	for (const other of earlier) {
		if (findings.length === mostTakers) break;
		const list = config.lists.find(({ name }) => name === other.values.get('match address')?.words[0]);
		const taking = list && firstPermitting(list, pair);
		if (list === undefined || taking === undefined) continue;
		findings.push(
			finding('policy-order', taking.entry.line, {
				message: `crypto map ${other.name} ${other.sequence} stands before ${entry.sequence} and takes packets from ${pair.local} to ${pair.remote}`,
				expected: `deny ${pairText(pair)} before it`,
				commands: refuseFirst(list, [pair]),
			}),
		);
	}
	return findings;
};
