import { type Acl, type AclEntry, entryText, extendedEntry, standardEntry } from './ios-acl.ts';
import type { Command, IosConfig, IosInterface, IosMapEntry, IosPolicy, IosRouteMap, IosTransformSet } from './ios-config.ts';
import { interfaceName } from './ios-interface-name.ts';
import { drop, keep, match } from './ios-pattern.ts';
import { globalWords, interfaceWords, mapWords, policyWords } from './ios-vocabulary.ts';
import { isWord } from './ios-word.ts';

type Mode =
	| { of: 'policy'; it: IosPolicy }
	| { of: 'transform'; it: IosTransformSet }
	| { of: 'map'; it: IosMapEntry }
	| { of: 'interface'; it: IosInterface }
	| { of: 'list'; it: Acl }
	| { of: 'route-map'; it: IosRouteMap['entries'][number] }
	| { of: 'none' };

const entryOf = (list: Acl, words: readonly string[], line: number): AclEntry | undefined => {
	const numbered = /^\d+$/.test(words[0] ?? '');
	const sequence = numbered ? Number(words[0]) : (list.entries.at(-1)?.sequence ?? 0) + 10;
	const own = numbered ? words.slice(1) : words;
	return list.kind === 'standard' ? standardEntry(own, sequence, line) : extendedEntry(own, sequence, line);
};

const addEntry = (list: Acl, words: readonly string[], line: number): boolean => {
	if (isWord(words[0] ?? '', 'remark')) return true;
	const entry = entryOf(list, words, line);
	if (entry === undefined) return false;
	list.entries = [...list.entries.filter(({ sequence }) => sequence !== entry.sequence), entry].sort(
		(a, b) => a.sequence - b.sequence,
	);
	return true;
};

const dropEntry = (list: Acl, words: readonly string[]): boolean => {
	const entry = entryOf(list, words, 0);
	if (entry === undefined) return false;
	list.entries = list.entries.filter((one) => entryText(one) !== entryText(entry));
	return true;
};

const isStandard = (name: string): boolean =>
	/^\d+$/.test(name) && (Number(name) < 100 || (Number(name) >= 1_300 && Number(name) < 2_000));

class Reading {
	readonly config: IosConfig = {
		policies: [],
		keys: [],
		transformSets: [],
		maps: [],
		interfaces: [],
		lists: [],
		nats: [],
		routeMaps: [],
		settings: new Map(),
		droppedMaps: [],
		unknown: [],
	};
	private mode: Mode = { of: 'none' };

	take(command: Command, text: string): void {
		const { words, line } = command;
		if (/^(exit|end|configure|conf|!)$/i.test(words[0] ?? '') && words.length <= 2) {
			this.mode = { of: 'none' };
			return;
		}
		if (this.inMode(command) || this.global(command)) return;
		// A line that is not set in opens what is unknown, and what follows belongs to that.
		if (!/^\s/.test(text)) this.mode = { of: 'none' };
		this.config.unknown.push({ line, text: text.trim() });
	}

	private inMode({ words, line }: Command): boolean {
		const { mode } = this;
		switch (mode.of) {
			case 'policy':
				return keep(mode.it.values, policyWords, { words, line });
			case 'map':
				return words[0] === 'no'
					? drop(mode.it.values, mapWords, words.slice(1))
					: keep(mode.it.values, mapWords, { words, line });
			case 'interface':
				if (match('no crypto map …', words) !== undefined) return mode.it.values.delete('crypto map') || true;
				return keep(mode.it.values, interfaceWords, { words, line });
			case 'transform': {
				const given = match('mode V …', words);
				if (given === undefined) return false;
				mode.it.mode = { words: given, line };
				return true;
			}
			case 'list': {
				const dropped = match('no V', words);
				if (dropped !== undefined) {
					mode.it.entries = mode.it.entries.filter(({ sequence }) => String(sequence) !== dropped[0]);
					return true;
				}
				return words[0] === 'no' ? dropEntry(mode.it, words.slice(1)) : addEntry(mode.it, words, line);
			}
			case 'route-map': {
				const lists = match('match ip address V …', words);
				if (lists !== undefined) mode.it.lists.push(...lists);
				return lists !== undefined;
			}
			default:
				return false;
		}
	}

	private global(command: Command): boolean {
		const { words } = command;
		return (
			this.phases(command) ||
			this.lists(command) ||
			this.translations(command) ||
			keep(this.config.settings, globalWords, { ...command, words })
		);
	}

	private phases({ words, line }: Command): boolean {
		const { config } = this;
		const [number] = match('crypto isakmp policy N', words) ?? [];
		if (number !== undefined) {
			const it = config.policies.find((one) => one.number === number) ?? { number, line, values: new Map() };
			if (!config.policies.includes(it)) config.policies.push(it);
			this.mode = { of: 'policy', it };
			return true;
		}
		const keyed =
			match('crypto isakmp key K address A …', words) ??
			match('crypto isakmp key 0 K address A …', words) ??
			match('crypto isakmp key 6 K address A …', words);
		if (keyed !== undefined) {
			const [key = '', address = '', ...rest] = keyed;
			if (!rest.every((word) => isWord(word, 'no-xauth') || /^[\d.]+$/.test(word))) return false;
			config.keys.push({ line, key, address, mask: rest.find((word) => /^[\d.]+$/.test(word)) ?? '255.255.255.255' });
			return true;
		}
		const set = match('crypto ipsec transform-set T V …', words);
		if (set !== undefined) {
			const [name = '', ...transforms] = set;
			const it: IosTransformSet = { name, line, transforms };
			config.transformSets = [...config.transformSets.filter((one) => one.name !== name), it];
			this.mode = { of: 'transform', it };
			return true;
		}
		const entry = match('crypto map M S ipsec-isakmp', words);
		if (entry !== undefined) {
			const [name = '', sequence = ''] = entry;
			const it = config.maps.find((one) => one.name === name && one.sequence === sequence) ?? {
				name,
				sequence,
				line,
				values: new Map(),
			};
			if (!config.maps.includes(it)) config.maps.push(it);
			this.mode = { of: 'map', it };
			return true;
		}
		const dropped = match('no crypto map M …', words);
		if (dropped !== undefined) {
			const [name = '', sequence] = dropped;
			if (sequence === undefined) config.droppedMaps.push({ name, line });
			config.maps = config.maps.filter((one) => one.name !== name || (sequence !== undefined && one.sequence !== sequence));
			this.mode = { of: 'none' };
			return true;
		}
		const named = match('interface V …', words);
		if (named !== undefined && named.length <= 2) {
			const name = interfaceName(named);
			const it = config.interfaces.find((one) => one.name === name) ?? { name, line, values: new Map() };
			if (!config.interfaces.includes(it)) config.interfaces.push(it);
			this.mode = { of: 'interface', it };
			return true;
		}
		return false;
	}

	private list(name: string, kind: Acl['kind'], line: number): Acl {
		const known = this.config.lists.find((one) => one.name === name);
		if (known !== undefined) return known;
		const made: Acl = { name, kind, entries: [], line };
		this.config.lists.push(made);
		return made;
	}

	private lists({ words, line }: Command): boolean {
		for (const kind of ['extended', 'standard'] as const) {
			const [name] = match(`ip access-list ${kind} L`, words) ?? [];
			if (name !== undefined) {
				this.mode = { of: 'list', it: this.list(name, kind, line) };
				return true;
			}
		}
		const ordered = match('ip access-list resequence L S I', words);
		if (ordered !== undefined) {
			const [name = '', start = '', step = ''] = ordered;
			if (!/^\d+$/.test(start) || !/^\d+$/.test(step)) return false;
			const known = this.config.lists.find((one) => one.name === name);
			known?.entries.forEach((entry, n) => {
				entry.sequence = Number(start) + n * Number(step);
			});
			this.config.settings.set(`ip access-list resequence ${name}`, { line, words: [start, step] });
			this.mode = { of: 'none' };
			return true;
		}
		const [gone] =
			match('no ip access-list extended L', words) ??
			match('no ip access-list standard L', words) ??
			match('no access-list L', words) ??
			[];
		if (gone !== undefined) {
			this.config.lists = this.config.lists.filter((one) => one.name !== gone);
			this.mode = { of: 'none' };
			return true;
		}
		const entry = match('access-list L V …', words);
		if (entry === undefined) return false;
		const [name = '', ...own] = entry;
		this.mode = { of: 'none' };
		return addEntry(this.list(name, isStandard(name) ? 'standard' : 'extended', line), own, line);
	}

	private translations({ words, line }: Command): boolean {
		const text = words.join(' ');
		const list = match('ip nat inside source list L …', words);
		const routeMap = match('ip nat inside source route-map R …', words);
		if (list !== undefined || routeMap !== undefined) {
			this.config.nats.push({
				line,
				text,
				...(list === undefined ? {} : { list: list[0] }),
				...(routeMap === undefined ? {} : { routeMap: routeMap[0] }),
			});
			this.mode = { of: 'none' };
			return true;
		}
		if (match('no ip nat inside source …', words) !== undefined) {
			this.config.nats = this.config.nats.filter((nat) => `no ${nat.text}` !== text);
			this.mode = { of: 'none' };
			return true;
		}
		const [name, action, sequence] = match('route-map R A N', words) ?? [];
		if (name === undefined || action === undefined || !/^(permit|deny)$/.test(action)) return false;
		const it = { action, sequence: Number(sequence), lists: [], line };
		const known = this.config.routeMaps.find((one) => one.name === name);
		if (known === undefined) this.config.routeMaps.push({ name, entries: [it] });
		else known.entries.push(it);
		this.mode = { of: 'route-map', it };
		return true;
	}
}

/** Reads the form of `show running-config` and what is typed in configuration mode, prompts and abbreviations included. */
export const iosLines = (text: string): IosConfig => {
	const reading = new Reading();
	text.split('\n').forEach((raw, index) => {
		const bare = raw.replace(/^[\w.-]+(\([\w-]+\))?[#>]\s*/, '').trimEnd();
		const words = bare.trim().split(/\s+/).filter(Boolean);
		if (words.length === 0 || words[0]?.startsWith('!')) return;
		reading.take({ words, line: index + 1 }, bare);
	});
	return reading.config;
};
