import { finding } from '../contract/peer-finding.ts';
import type { Finding, NotCompared } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { letsIn, type Packet } from './ios-acl.ts';
import type { IosConfig, IosInterface } from './ios-config.ts';
import { addressesOf } from './ios-interface.ts';
import { editList } from './ios-pairs.ts';

const filterOf = ({ lists }: IosConfig, { values }: IosInterface) => {
	const group = values.get('ip access-group in');
	return { group, list: lists.find(({ name }) => name === group?.words[0]) };
};

/** What the list at an interface keeps out of what the tunnel needs. */
export const filtered = (config: IosConfig, at: IosInterface, view: PeerView): Finding[] => {
	const { list } = filterOf(config, at);
	if (list === undefined || list.unread.length > 0) return [];
	const { remoteAddress: from, localAddress, forceEncaps } = view;
	const to = [...addressesOf(at), ...(localAddress === undefined ? [] : [localAddress])];
	const ike: [Packet, string] = [{ protocol: 'udp', from, to, port: 500 }, `permit udp host ${from} any eq isakmp`];
	// What is encapsulated in UDP comes as no ESP.
	const payload: [Packet, string] = forceEncaps
		? [{ protocol: 'udp', from, to, port: 4_500 }, `permit udp host ${from} any eq non500-isakmp`]
		: [{ protocol: 'esp', from, to }, `permit esp host ${from} any`];
	const missing = [ike, payload].filter(([packet]) => !letsIn(list, packet)).map(([, entry]) => entry);
	if (missing.length === 0) return [];
	return [
		finding('firewall', list.entries[0]?.line ?? list.line, {
			message: `access list ${list.name} at the outside interface does not let the tunnel's packets in`,
			expected: missing.join(', '),
			commands: [
				`ip access-list resequence ${list.name} 1000 10`,
				...editList(
					list.name,
					missing.map((one, n) => `${100 + n} ${one}`),
				),
			],
		}),
	];
};

/** A list that is not in the text, or has entries that are not read. */
export const filterNotCompared = (config: IosConfig, at: IosInterface): NotCompared[] => {
	const { group, list } = filterOf(config, at);
	if (group === undefined || (list !== undefined && list.unread.length === 0)) return [];
	const [name] = group.words;
	return [
		{
			what: 'access-list',
			line: list?.unread[0]?.line ?? group.line,
			message:
				list === undefined
					? `access list ${name} of interface ${at.name} is not in the text, so what it lets in is not known`
					: `access list ${name} of interface ${at.name} has entries that are not read here, so what it lets in is not known`,
		},
	];
};
