import { canonicalCidr, cidrsOverlap, Ipv4 } from '../../model/cidr.ts';
import { at, type Named, named, wordsOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

/** What a name stands for; `isCircular` where a set has itself among its members. */
export type Addresses = { cidrs: readonly string[]; line: number; isCircular?: boolean };
export type AddressBooks = {
	/** Undefined where the zone has no such name. */
	of(zone: string, name: string): Addresses | undefined;
	/** The zones in whose own book a name is. */
	zonesWith(name: string): string[];
};

/** More than a policy of a device takes. */
const mostAddresses = 1_024;

const isBlock = (word: string): boolean => {
	const [address = '', length = '32'] = word.split('/');
	return Ipv4.safeParse(address).success && /^\d{1,2}$/.test(length) && Number(length) <= 32;
};
export const cidrOf = (word: string): string | undefined =>
	isBlock(word) ? canonicalCidr(word.includes('/') ? word : `${word}/32`) : undefined;

const ofAddress = ({ line, below }: JunosNode): Addresses => {
	const word = [...below.keys()].filter(isBlock).at(-1);
	const cidr = word === undefined ? undefined : cidrOf(word);
	return cidr === undefined ? { cidrs: [], line } : { cidrs: [cidr], line: below.get(word ?? '')?.line ?? line };
};

type Find = (name: string) => { address?: JunosNode; set?: JunosNode } | undefined;

/** Every member once, however often and by whichever sets it is named. */
const ofSet = (find: Find, name: string, { line }: JunosNode): Addresses => {
	const cidrs = new Set<string>();
	const seen = new Set([name]);
	const waiting = [name];
	let isCircular = false;
	for (let set = waiting.pop(); set !== undefined && cidrs.size < mostAddresses; set = waiting.pop()) {
		const node = find(set)?.set;
		for (const member of wordsOf(node, 'address-set')) {
			if (member === name) isCircular = true;
			if (!seen.has(member)) waiting.push(member);
			seen.add(member);
		}
		for (const member of wordsOf(node, 'address')) {
			const found = find(member)?.address;
			for (const cidr of found === undefined ? [] : ofAddress(found).cidrs) cidrs.add(cidr);
		}
	}
	return { cidrs: [...cidrs].slice(0, mostAddresses), line, ...(isCircular ? { isCircular } : {}) };
};

/** The address books of a device: those of its zones, and those that are attached to them or are for all. */
export const addressBooks = (security: JunosNode): AddressBooks => {
	const byZone = new Map<string, JunosNode[]>();
	const general = named(security, 'address-book');
	const booksOf = (zone: string): JunosNode[] => {
		const known = byZone.get(zone);
		if (known !== undefined) return known;
		const own = at(security, 'zones', 'security-zone', zone, 'address-book');
		const books = [
			...(own === undefined ? [] : [own]),
			...general
				.filter(([book, node]) => book === 'global' || at(node, 'attach', 'zone', zone) !== undefined)
				.map(([, book]) => book),
		];
		byZone.set(zone, books);
		return books;
	};
	const find =
		(zone: string): Find =>
		(name) => {
			for (const book of booksOf(zone)) {
				const address = at(book, 'address', name);
				if (address !== undefined) return { address };
				const set = at(book, 'address-set', name);
				if (set !== undefined) return { set };
			}
			return undefined;
		};
	const found = new Map<string, Addresses | undefined>();
	const of = (zone: string, name: string): Addresses | undefined => {
		if (name === 'any' || name === 'any-ipv4') return { cidrs: ['0.0.0.0/0'], line: 1 };
		const { address, set } = find(zone)(name) ?? {};
		if (address !== undefined) return ofAddress(address);
		return set === undefined ? undefined : ofSet(find(zone), name, set);
	};
	const zones = named(security, 'zones', 'security-zone');
	return {
		of: (zone, name) => {
			const key = `${zone} ${name}`;
			if (!found.has(key)) found.set(key, of(zone, name));
			return found.get(key);
		},
		zonesWith: (name) =>
			zones.filter(([, zone]: Named) => at(zone, 'address-book', 'address', name) !== undefined).map(([zone]) => zone),
	};
};

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
