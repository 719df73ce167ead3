import { canonicalCidr, cidrsOverlap } from '../../model/cidr.ts';
import { at, named, wordsOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

/** Addresses that a name stands for in a zone; undefined where the zone has no such name. */
export const addressesOf = (security: JunosNode, zone: string, name: string): { cidrs: string[]; line: number } | undefined => {
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
export const cidrOf = (word: string): string => canonicalCidr(word.includes('/') ? word : `${word}/32`);

export const booksWith = (security: JunosNode, name: string): string[] =>
	named(security, 'zones', 'security-zone')
		.filter(([, zone]) => at(zone, 'address-book', 'address', name) !== undefined)
		.map(([zone]) => zone);

/** Where a new address of a zone goes: into the one book for all, if the device has it. */
export const bookOf = (security: JunosNode, zone: string): string =>
	at(security, 'address-book', 'global') === undefined
		? `security zones security-zone ${zone} address-book`
		: 'security address-book global';

/** What all that a finding's commands make begins with. */
export const ownName = 's2s';

/** A name for an address, of ours. */
export const addressName = (cidr: string): string => `${ownName}-${cidr.replaceAll('.', '-').replace('/', '_')}`;

/** Whether some address of the block is among them. */
export const meets = (cidrs: readonly string[], cidr: string): boolean => cidrs.some((one) => cidrsOverlap(one, cidr));
