import { addressToNumber, canonicalCidr, cidrContains, cidrRange, Ipv4, numberToAddress } from '../../model/cidr.ts';
import { type Blocks, type Packets, within, without } from '../contract/packets.ts';
import type { Line } from '../contract/peer-reading.ts';
import { portMeets, portWords } from './ios-ports.ts';
import { isWord } from './ios-word.ts';

/** An end of an access list's entry. */
export type AclEnd = {
	/** Undefined where the wildcard makes no block. */
	cidr: string | undefined;
	text: string;
	/** A netmask stands where a wildcard belongs; the block that was meant. */
	meant?: string;
	port?: string;
};
export type AclEntry = {
	sequence: number;
	action: 'permit' | 'deny';
	protocol: string;
	source: AclEnd;
	destination: AclEnd;
	/** Such as `log`, and `fragments`, which takes no packet that begins anything. */
	flags: string[];
	line: number;
};
export type Acl = {
	name: string;
	kind: 'standard' | 'extended';
	entries: AclEntry[];
	line: number;
	/** Entries that are none of the words known here, such as those of object groups. */
	unread: Line[];
};

const isAddress = (word: string): boolean => Ipv4.safeParse(word).success;
const full = 2 ** 32 - 1;

/** A wildcard has its ones at the end: the length of the prefix that it leaves. */
const prefixOf = (wildcard: number): number | undefined => {
	const length = 32 - Math.log2(wildcard + 1);
	return Number.isInteger(length) ? length : undefined;
};

/** A block as an access list has it: the address and the bits that may differ. */
export const withWildcard = (cidr: string): string => {
	const { first, last } = cidrRange(cidr);
	return `${numberToAddress(first)} ${numberToAddress(last - first)}`;
};

const blockOf = (address: string, wildcard: string): AclEnd => {
	const text = `${address} ${wildcard}`;
	const bits = addressToNumber(wildcard);
	const meant = prefixOf(full - bits);
	// 255.255.255.255 at an address is a host by its mask, and everything by its wildcard.
	if (meant !== undefined && bits !== 0 && (prefixOf(bits) === undefined || (bits === full && address !== '0.0.0.0')))
		return { cidr: undefined, text, meant: `${address}/${meant}` };
	const length = prefixOf(bits);
	if (length === undefined) return { cidr: undefined, text };
	return { cidr: canonicalCidr(`${address}/${length}`), text };
};

/** Takes an end off the words, with its port; undefined where they are no end. */
const takeEnd = (words: string[], ports: boolean): AclEnd | undefined => {
	const [first = '', second = ''] = words;
	let end: AclEnd;
	if (/^any$/i.test(first)) {
		end = { cidr: '0.0.0.0/0', text: 'any' };
		words.splice(0, 1);
	} else if (/^ho(st?)?$/i.test(first) && isAddress(second)) {
		end = { cidr: `${second}/32`, text: `host ${second}` };
		words.splice(0, 2);
	} else if (isAddress(first) && isAddress(second)) {
		end = blockOf(first, second);
		words.splice(0, 2);
	} else return undefined;
	const taken = ports ? portWords(words) : 0;
	return taken === 0 ? end : { ...end, port: words.splice(0, taken).join(' ') };
};

/** What the entry is written as, for taking it out again. */
export const entryText = ({ action, protocol, source, destination }: AclEntry): string =>
	[action, protocol, source.text, source.port, destination.text, destination.port].filter(Boolean).join(' ');

const flags = /^(log|log-input|established|fragments|time-range)$/i;
const actionOf = (word: string): AclEntry['action'] | undefined =>
	(['permit', 'deny'] as const).find((action) => isWord(word, action));
const withPorts = /^(tcp|udp)$/i;
const protocols = /^(ip|tcp|udp|icmp|esp|ahp|gre|\d{1,3})$/i;

/** `permit ip 10.2.0.0 0.0.0.255 any`, without its number. */
export const extendedEntry = (own: readonly string[], sequence: number, line: number): AclEntry | undefined => {
	const [word = '', protocol = '', ...words] = own;
	const action = actionOf(word);
	if (action === undefined || !protocols.test(protocol)) return undefined;
	const ports = withPorts.test(protocol);
	const source = takeEnd(words, ports);
	const destination = source && takeEnd(words, ports);
	if (source === undefined || destination === undefined || !words.every((flag) => flags.test(flag) || /^icmp$/i.test(protocol)))
		return undefined;
	return { sequence, action, protocol: protocol.toLowerCase(), source, destination, flags: words, line };
};

export const standardEntry = (own: readonly string[], sequence: number, line: number): AclEntry | undefined => {
	const [word = '', ...words] = own;
	const action = actionOf(word);
	if (action === undefined) return undefined;
	const lone = words.length === 1 && isAddress(words[0] ?? '');
	const source = takeEnd(lone ? ['host', ...words] : words, false);
	if (source === undefined || (!lone && !words.every((flag) => flags.test(flag)))) return undefined;
	const destination: AclEnd = { cidr: '0.0.0.0/0', text: 'any' };
	return { sequence, action, protocol: 'ip', source, destination, flags: [], line };
};

/** Whether an entry is for all that goes between its ends. */
const isWhole = ({ protocol, source, destination, flags: own }: AclEntry): boolean =>
	protocol === 'ip' &&
	source.port === undefined &&
	destination.port === undefined &&
	!own.some((flag) => /^(fragments|established|time-range)$/i.test(flag));

const blocksOf = ({ source, destination }: AclEntry): Blocks | undefined =>
	source.cidr === undefined || destination.cidr === undefined
		? undefined
		: { locals: [source.cidr], remotes: [destination.cidr] };

export type Permitted = { entry: AclEntry; packets: Packets; whole: boolean };

/** What a list permits of some packets, entry by entry; each packet goes by the first entry that has it. */
export const permitted = ({ entries }: Acl, packets: Packets): Permitted[] => {
	const found: Permitted[] = [];
	let left = packets;
	for (const entry of entries) {
		if (left.length === 0) break;
		const blocks = blocksOf(entry);
		if (blocks === undefined) continue;
		const whole = isWhole(entry);
		if (entry.action === 'permit') {
			const taken = within(left, blocks);
			if (taken.length > 0) found.push({ entry, packets: taken, whole });
		}
		if (whole) left = without(left, blocks);
	}
	return found;
};

/** The refusal by which nothing is left of some packets before any entry permits one of them. */
export const refusing = ({ entries }: Acl, packets: Packets): AclEntry | undefined => {
	let left = packets;
	for (const entry of entries) {
		const blocks = blocksOf(entry);
		if (blocks === undefined || !isWhole(entry)) continue;
		if (entry.action === 'permit' && within(left, blocks).length > 0) return undefined;
		if (entry.action === 'deny') left = without(left, blocks);
		if (left.length === 0) return entry;
	}
	return undefined;
};

export type Packet = { protocol: 'udp' | 'esp'; from: string; to: readonly string[]; port?: number };
const numbers = { udp: '17', esp: '50' };

/** Whether a list lets a packet in; where the device may have several addresses, to any of them. */
export const letsIn = ({ entries }: Acl, { protocol, from, to, port }: Packet): boolean => {
	const meets = (end: AclEnd): boolean => end.port === undefined || (port !== undefined && portMeets(end.port, port));
	const decides = entries.find(
		({ protocol: own, source, destination, flags: own_ }) =>
			['ip', protocol, numbers[protocol]].includes(own) &&
			!own_.some((flag) => /^(fragments|established)$/i.test(flag)) &&
			source.cidr !== undefined &&
			destination.cidr !== undefined &&
			cidrContains(source.cidr, `${from}/32`) &&
			(to.length === 0 || to.some((address) => cidrContains(destination.cidr ?? '', `${address}/32`))) &&
			meets(source) &&
			meets(destination),
	);
	return decides?.action === 'permit';
};
