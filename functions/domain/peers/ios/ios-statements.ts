import { Ipv4 } from '../../model/cidr.ts';
import type { Acl } from './ios-acl.ts';
import type {
	Command,
	IosConfig,
	IosInterface,
	IosKey,
	IosMapEntry,
	IosPolicy,
	IosRouteMapEntry,
	IosTransformSet,
} from './ios-config.ts';
import { interfaceName } from './ios-interface-name.ts';
import { addEntry, kindOf, listLine, resequence } from './ios-list-lines.ts';
import { natOf } from './ios-nat-lines.ts';
import { drop, keep, match, matchesInFull } from './ios-pattern.ts';
import { globalWords, interfaceWords, mapWords, otherCommands, policyWords } from './ios-vocabulary.ts';
import { isWord } from './ios-word.ts';

type Mode =
	| { of: 'policy'; it: IosPolicy }
	| { of: 'transform'; it: IosTransformSet }
	| { of: 'map'; it: IosMapEntry }
	| { of: 'interface'; it: IosInterface }
	| { of: 'list'; it: Acl }
	| { of: 'route-map'; it: IosRouteMapEntry }
	| { of: 'none' };
const none: Mode = { of: 'none' };

/** The mode after a command of configuration mode; undefined where the command is another. */
type Take = (config: IosConfig, command: Command) => Mode | undefined;

const known = <T>(all: T[], is: (one: T) => boolean, make: () => T): T => {
	const found = all.find(is);
	if (found !== undefined) return found;
	const made = make();
	all.push(made);
	return made;
};

/** A word that the device takes for a number of an entry; it refuses a command with any other. */
const isNumber = (word: string | undefined, most: number): word is string =>
	word !== undefined && /^[1-9]\d{0,4}$/.test(word) && Number(word) <= most;

const policy: Take = ({ policies }, { words, line }) => {
	const [number] = match('crypto isakmp policy N', words) ?? [];
	if (!isNumber(number, 10_000)) return undefined;
	return {
		of: 'policy',
		it: known(
			policies,
			(one) => one.number === number,
			() => ({ number, line, values: new Map() }),
		),
	};
};

const keyPatterns = ['crypto isakmp key', 'crypto isakmp key 0', 'crypto isakmp key 6'];
/** A key with what it is for: `address 203.0.113.0 255.255.255.0`, `address 0.0.0.0` for every peer, or `hostname`. */
const keyOf = ({ words, line }: Command): IosKey | undefined => {
	for (const pattern of keyPatterns) {
		const encrypted = pattern.endsWith('6');
		const [key, host, ...after] = match(`${pattern} K hostname H …`, words) ?? [];
		if (key !== undefined && host !== undefined && after.every((word) => isWord(word, 'no-xauth')))
			return { line, key, encrypted, of: { host } };
		const [byAddress, address, ...rest] = match(`${pattern} K address A …`, words) ?? [];
		if (byAddress === undefined || address === undefined) continue;
		const [mask = address === '0.0.0.0' ? '0.0.0.0' : '255.255.255.255'] = rest.filter((word) => Ipv4.safeParse(word).success);
		if (!Ipv4.safeParse(address).success || !rest.every((word) => word === mask || isWord(word, 'no-xauth'))) continue;
		return { line, key: byAddress, encrypted, of: { address, mask } };
	}
	return undefined;
};
const isForSame = ({ of: a }: IosKey, { of: b }: IosKey): boolean =>
	'host' in a ? 'host' in b && a.host === b.host : !('host' in b) && a.address === b.address && a.mask === b.mask;

const key: Take = (config, { words, line }) => {
	const isGone = words[0] === 'no';
	const it = keyOf({ words: isGone ? words.slice(1) : words, line });
	if (it === undefined) return undefined;
	// A key for what has one already is refused by the device.
	if (isGone) config.keys = config.keys.filter((one) => !isForSame(one, it));
	else if (!config.keys.some((one) => isForSame(one, it))) config.keys.push(it);
	return none;
};

const transformSet: Take = (config, { words, line }) => {
	const [name, ...transforms] = match('crypto ipsec transform-set T V …', words) ?? [];
	if (name === undefined) return undefined;
	const it: IosTransformSet = { name, line, transforms };
	config.transformSets = [...config.transformSets.filter((one) => one.name !== name), it];
	return { of: 'transform', it };
};

const mapEntry: Take = (config, { words, line }) => {
	const [name, sequence] = match('crypto map M S ipsec-isakmp', words) ?? [];
	if (name !== undefined && isNumber(sequence, 65_535))
		return {
			of: 'map',
			it: known(
				config.maps,
				(one) => one.name === name && one.sequence === sequence,
				() => ({ name, sequence, line, peers: [], values: new Map() }),
			),
		};
	const [dropped, one] = match('no crypto map M …', words) ?? [];
	if (dropped === undefined) return undefined;
	if (one === undefined) config.droppedMaps.push({ name: dropped, line });
	config.maps = config.maps.filter((entry) => entry.name !== dropped || (one !== undefined && entry.sequence !== one));
	return none;
};

const interfaces: Take = (config, { words, line }) => {
	const named = match('interface V …', words);
	if (named === undefined || named.length > 2) return undefined;
	const name = interfaceName(named);
	return {
		of: 'interface',
		it: known(
			config.interfaces,
			(one) => one.name === name,
			() => ({ name, line, values: new Map() }),
		),
	};
};

const listNamed = ({ lists }: IosConfig, name: string, made: Pick<Acl, 'kind' | 'line'>): Acl =>
	known(
		lists,
		(one) => one.name === name,
		() => ({ name, entries: [], unread: [], ...made }),
	);

const lists: Take = (config, { words, line }) => {
	for (const kind of ['extended', 'standard'] as const) {
		const [name] = match(`ip access-list ${kind} L`, words) ?? [];
		if (name !== undefined) return { of: 'list', it: listNamed(config, name, { kind, line }) };
	}
	const [name, start = '', step = ''] = match('ip access-list resequence L S I', words) ?? [];
	if (name !== undefined && /^\d+$/.test(start) && /^\d+$/.test(step)) {
		const list = config.lists.find((one) => one.name === name);
		if (list !== undefined) resequence(list, Number(start), Number(step));
		config.settings.set(`ip access-list resequence ${name}`, { line, words: [start, step] });
		return none;
	}
	const [gone] =
		match('no ip access-list extended L', words) ??
		match('no ip access-list standard L', words) ??
		match('no access-list L', words) ??
		[];
	if (gone !== undefined) {
		config.lists = config.lists.filter((one) => one.name !== gone);
		return none;
	}
	const [numbered, ...own] = match('access-list L V …', words) ?? [];
	if (numbered === undefined) return undefined;
	return addEntry(listNamed(config, numbered, { kind: kindOf(numbered), line }), { words: own, line }) ? none : undefined;
};

const translations: Take = (config, { words, line }) => {
	if (match('no ip nat inside source …', words) !== undefined) {
		const text = words.slice(1).join(' ');
		config.nats = config.nats.filter((nat) => nat.text !== text);
		return none;
	}
	const nat = natOf({ words, line });
	if (nat === undefined) return undefined;
	config.nats.push(nat);
	return none;
};

const routeMap: Take = ({ routeMaps }, { words, line }) => {
	const [name, ...rest] = match('route-map R …', words) ?? [];
	const [action = 'permit', sequence = '10'] = rest;
	if (name === undefined || rest.length > 2 || !/^(permit|deny)$/.test(action) || !/^\d+$/.test(sequence)) return undefined;
	const { entries } = known(
		routeMaps,
		(one) => one.name === name,
		() => ({ name, entries: [] }),
	);
	const it = known(
		entries,
		(one) => one.sequence === Number(sequence),
		() => ({ action, sequence: Number(sequence), line }),
	);
	it.action = action;
	if ((entries.at(-2)?.sequence ?? 0) > it.sequence) entries.sort((a, b) => a.sequence - b.sequence);
	return { of: 'route-map', it };
};

const host: Take = ({ hosts }, { words }) => {
	const [name, ...addresses] = match('ip host H A …', words) ?? [];
	if (name === undefined || !addresses.every((one) => Ipv4.safeParse(one).success)) return undefined;
	hosts.set(name.toLowerCase(), addresses);
	return none;
};

const notRead = {
	keyring: ['crypto keyring K …'],
	'isakmp-profile': ['crypto isakmp profile P …'],
	'dynamic-map': ['crypto map M S ipsec-isakmp dynamic …'],
	'ike-proposal': ['crypto ikev2 …'],
} as const;

/** What opens a mode whose contents are passed over. */
const passedOver: Take = (config, { words, line }) => {
	// `crypto key` is a command of its own, and what it is mistyped for has a key behind it.
	for (const kind of Object.keys(notRead) as (keyof typeof notRead)[])
		if (notRead[kind].some((pattern) => match(pattern, words) !== undefined) && !/^key?$/i.test(words[1] ?? '')) {
			if (!config.notRead.has(kind)) config.notRead.set(kind, { line, text: words.join(' ') });
			return none;
		}
	return undefined;
};

const settings: Take = (config, { words, line }) => {
	const [map, name, ...more] = match('crypto map M local-address I …', words) ?? [];
	if (map !== undefined && name !== undefined) {
		config.settings.set(`crypto map ${map} local-address`, { line, words: [interfaceName([name, ...more])] });
		return none;
	}
	// What is off stays known, since it is on by default.
	if (match('no crypto isakmp enable', words) !== undefined) {
		config.settings.set('no crypto isakmp enable', { line, words: [] });
		return none;
	}
	if (match('crypto isakmp enable', words) !== undefined) config.settings.delete('no crypto isakmp enable');
	if (words[0] === 'no') return drop(config.settings, globalWords, words.slice(1)) ? none : undefined;
	return keep(config.settings, globalWords, { words, line }) ? none : undefined;
};

const takes: readonly Take[] = [
	policy,
	key,
	transformSet,
	passedOver,
	mapEntry,
	interfaces,
	lists,
	translations,
	routeMap,
	host,
	settings,
];

const othersByWord = Map.groupBy(otherCommands, (pattern) => pattern.split(' ')[0] ?? '');

const endsMode = (words: readonly string[]): boolean => {
	const own = words[0] === 'no' || words[0] === 'default' ? words.slice(1) : words;
	const others = othersByWord.get(own[0]?.toLowerCase() ?? '') ?? [];
	return others.some((pattern) => matchesInFull(pattern, own));
};

const mapLine = (it: IosMapEntry, { words, line }: Command): boolean => {
	const [name, ...how] = match('set peer V …', words) ?? [];
	if (name !== undefined) {
		const others = it.peers.filter((peer) => peer.name !== name);
		it.peers = [...others, { line, name, isDefault: how.some((word) => isWord(word, 'default')) }];
		return true;
	}
	const [gone] = match('no set peer V …', words) ?? [];
	if (gone !== undefined) {
		it.peers = it.peers.filter((peer) => peer.name !== gone);
		return true;
	}
	return words[0] === 'no' ? drop(it.values, mapWords, words.slice(1)) : keep(it.values, mapWords, { words, line });
};

const routeMapLine = (it: IosRouteMapEntry, words: readonly string[]): boolean => {
	const lists = match('match ip address V …', words);
	if (lists !== undefined) it.lists = [...(it.lists ?? []), ...lists];
	const named = match('match interface V …', words);
	if (named !== undefined) it.interfaces = [...(it.interfaces ?? []), interfaceName(named)];
	return lists !== undefined || named !== undefined;
};

const inMode = (mode: Mode, { words, line }: Command): boolean => {
	const kept = (values: Map<string, Command>, patterns: readonly string[]): boolean =>
		words[0] === 'no' || words[0] === 'default'
			? drop(values, patterns, words.slice(1))
			: keep(values, patterns, { words, line });
	switch (mode.of) {
		case 'policy':
			return kept(mode.it.values, policyWords);
		case 'map':
			return mapLine(mode.it, { words, line });
		case 'interface':
			return kept(mode.it.values, interfaceWords);
		case 'transform': {
			const given = match('mode V …', words);
			if (given !== undefined) mode.it.mode = { words: given, line };
			return given !== undefined;
		}
		case 'list':
			return listLine(mode.it, { words, line });
		case 'route-map':
			return routeMapLine(mode.it, words);
		default:
			return false;
	}
};

/** Takes commands one after the other, each in the mode that the ones before have opened. */
export class IosStatements {
	readonly config: IosConfig = {
		policies: [],
		keys: [],
		transformSets: [],
		maps: [],
		interfaces: [],
		lists: [],
		nats: [],
		routeMaps: [],
		hosts: new Map(),
		settings: new Map(),
		droppedMaps: [],
		notRead: new Map(),
		unknown: [],
	};
	private mode: Mode = none;
	private depth = 0;

	/** `depth` is how far the command is set in. */
	take(command: Command, depth: number): void {
		const { words, line } = command;
		if (/^(exit|end|configure|conf)$/i.test(words[0] ?? '') && words.length <= 2) {
			this.mode = none;
			return;
		}
		if (inMode(this.mode, command)) return;
		for (const take of takes) {
			const mode = take(this.config, command);
			if (mode === undefined) continue;
			this.mode = mode;
			this.depth = depth;
			return;
		}
		this.config.unknown.push({ line, text: words.join(' ') });
		// A line that is not known leaves the mode as it is, unless it is known to be a command of another.
		if (depth <= this.depth && endsMode(words)) this.mode = none;
	}
}
