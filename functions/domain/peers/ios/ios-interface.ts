import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import { letsIn } from './ios-acl.ts';
import type { Command, IosConfig, IosMapEntry } from './ios-config.ts';
import { editList } from './ios-pairs.ts';

export const notApplied = ({ interfaces }: IosConfig, { name, line }: IosMapEntry): Finding => {
	const other = interfaces.find(({ values }) => values.has('crypto map'));
	const outside = interfaces.find(({ values }) => values.has('ip nat outside')) ?? other;
	return finding('map-not-applied', other?.values.get('crypto map')?.line ?? outside?.line ?? line, {
		message: `crypto map ${name} is at no interface`,
		expected: `crypto map ${name} at the interface to the internet`,
		commands: [`interface ${outside?.name ?? '…'}`, ` crypto map ${name}`],
	});
};

const ikePorts = ['eq 500', 'eq isakmp'];

/** What the list at an interface keeps out of what the tunnel needs. */
export const filtered = ({ lists }: IosConfig, group: Command | undefined, from: string): Finding[] => {
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
