import { Ipv4 } from '../../model/cidr.ts';
import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import type { IosConfig, IosInterface, IosMapEntry } from './ios-config.ts';

/** The addresses of an interface, its virtual one of a standby group included. */
export const addressesOf = ({ values }: IosInterface): string[] =>
	['ip address', 'standby ip'].flatMap((name) => (values.get(name)?.words ?? []).filter((word) => isHost(word)));

const isHost = (word: string): boolean => Ipv4.safeParse(word).success && !/^(255|0)\./.test(word);

/** The interfaces that a map is at. */
export const appliedAt = ({ interfaces }: IosConfig, map: string): IosInterface[] =>
	interfaces.filter(({ values }) => values.get('crypto map')?.words[0] === map);

/** The interface to the internet, as far as the text tells. */
const outsideOf = ({ interfaces }: IosConfig, { localAddress }: PeerView): IosInterface | undefined =>
	interfaces.find((one) => localAddress !== undefined && addressesOf(one).includes(localAddress)) ??
	interfaces.find(({ values }) => values.has('ip nat outside')) ??
	interfaces.find(({ values }) => values.has('crypto map'));

const asEntryOf = (map: string, { sequence, peers, values }: IosMapEntry): string[] => [
	`crypto map ${map} ${sequence} ipsec-isakmp`,
	...peers.map(({ name, isDefault }) => ` set peer ${name}${isDefault ? ' default' : ''}`),
	...[...values].map(([name, { words }]) => ` ${[name, ...words].join(' ')}`),
];

/** An interface has one map only: where it has another, the entry goes there, since its place is not free. */
export const notApplied = (config: IosConfig, entry: IosMapEntry, view: PeerView): Finding[] => {
	const { interfaces, maps } = config;
	if (interfaces.length === 0 || appliedAt(config, entry.name).length > 0) return [];
	const outside = outsideOf(config, view);
	const [other] = outside?.values.get('crypto map')?.words ?? [];
	const taken = maps.filter(({ name }) => name === other).map(({ sequence }) => Number(sequence));
	const isFree = !taken.includes(Number(entry.sequence));
	const sequence = isFree ? entry.sequence : String(Math.min(65_535, Math.max(...taken) + 10));
	return [
		finding('map-not-applied', outside?.values.get('crypto map')?.line ?? outside?.line ?? entry.line, {
			message: `crypto map ${entry.name} is at no interface`,
			expected:
				other === undefined
					? `crypto map ${entry.name} at the interface to the internet`
					: `its entry in crypto map ${other}, which interface ${outside?.name} has: an interface has one map only`,
			commands:
				other !== undefined
					? asEntryOf(other, { ...entry, sequence })
					: outside !== undefined
						? [`interface ${outside.name}`, ` crypto map ${entry.name}`]
						: [],
		}),
	];
};

/** A map at interfaces that are all shut down. */
export const shutDown = (applied: readonly IosInterface[]): Finding[] => {
	const [first] = applied;
	const off = first?.values.get('shutdown');
	if (first === undefined || off === undefined || applied.some(({ values }) => !values.has('shutdown'))) return [];
	return [
		finding('interface', off.line, {
			message: `interface ${first.name}, which has the crypto map, is shut down`,
			expected: 'no shutdown',
			commands: [`interface ${first.name}`, ' no shutdown'],
		}),
	];
};
