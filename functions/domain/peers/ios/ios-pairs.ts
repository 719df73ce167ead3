import { finding } from '../contract/peer-finding.ts';
import type { DevicePair, Finding, Pair, Value } from '../contract/peer-reading.ts';
import { type Acl, type AclEnd, decidingEntry, entryText, withWildcard } from './ios-acl.ts';

export const pairText = ({ local, remote }: Pair): string => `ip ${withWildcard(local)} ${withWildcard(remote)}`;

export const editList = ({ name, kind }: Acl, lines: readonly string[]): string[] => [
	`ip access-list ${kind} ${name}`,
	...lines.map((line) => ` ${line}`),
];

/** The pairs that the list puts into the tunnel, an SA pair an entry. */
export const pairsOf = (list: Acl | undefined): { pairs: DevicePair[]; faults: Finding[]; unreadPairs: number } => {
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

/** A refusal that covers a pair, before the entry that would put it into the tunnel. */
export const refusedFirst = (list: Acl, pair: Pair): Finding[] => {
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
