import {
	addressToNumber,
	canonicalCidr,
	cidrContains,
	cidrRange,
	cidrsOverlap,
	Ipv4,
	numberToAddress,
} from '../../model/cidr.ts';
import type { Pair } from '../contract/peer-reading.ts';
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
	line: number;
};
export type Acl = { name: string; kind: 'standard' | 'extended'; entries: AclEntry[]; line: number };

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
	if (ports && /^(eq|range|gt|lt|neq)$/i.test(words[0] ?? ''))
		end = { ...end, port: words.splice(0, words[0] === 'range' ? 3 : 2).join(' ') };
	return end;
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
	return { sequence, action, protocol: protocol.toLowerCase(), source, destination, line };
};

export const standardEntry = (own: readonly string[], sequence: number, line: number): AclEntry | undefined => {
	const [word = '', ...words] = own;
	const action = actionOf(word);
	if (action === undefined) return undefined;
	const lone = words.length === 1 && isAddress(words[0] ?? '');
	const source = takeEnd(lone ? ['host', ...words] : words, false);
	if (source === undefined || (!lone && !words.every((flag) => flags.test(flag)))) return undefined;
	const destination: AclEnd = { cidr: '0.0.0.0/0', text: 'any' };
	return { sequence, action, protocol: 'ip', source, destination, line };
};

/** The first entry that decides on some packet of the pair: a refusal decides only where it covers all of them. */
export const decidingEntry = ({ entries }: Acl, { local, remote }: Pair): AclEntry | undefined =>
	entries.find(({ action, protocol, source, destination }) => {
		if (protocol !== 'ip' || source.cidr === undefined || destination.cidr === undefined) return false;
		const takes = action === 'deny' ? cidrContains : cidrsOverlap;
		return takes(source.cidr, local) && takes(destination.cidr, remote);
	});

/** Whether a list lets a protocol in from an address. */
export const letsIn = (
	{ entries }: Acl,
	{ protocol, from, port }: { protocol: 'udp' | 'esp'; from: string; port?: string[] },
): boolean => {
	const numbers = { udp: '17', esp: '50' };
	const decides = entries.find(
		(entry) =>
			['ip', protocol, numbers[protocol]].includes(entry.protocol) &&
			entry.source.cidr !== undefined &&
			cidrContains(entry.source.cidr, `${from}/32`) &&
			(entry.destination.port === undefined || (port ?? []).includes(entry.destination.port)) &&
			(entry.source.port === undefined || (port ?? []).includes(entry.source.port)),
	);
	return decides?.action === 'permit';
};
