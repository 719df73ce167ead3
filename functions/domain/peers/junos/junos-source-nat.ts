import { type Packets, packetsOf, within, without } from '../contract/packets.ts';
import { finding } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import { type AddressBooks, cidrOf, ownName } from './junos-addresses.ts';
import { at, type Named, named, wordsOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

/** Where the packets of a tunnel come from and go to, as rule sets name it. */
export type Way = { insides: readonly string[]; outside: string; externalInterface: string | undefined; books: AddressBooks };

const everywhere = ['0.0.0.0/0'];

/** Whether a rule set's end is one of these zones, an interface of one, or the whole device. */
const isAt = (security: JunosNode, end: JunosNode | undefined, zones: readonly string[], own?: string): boolean =>
	wordsOf(end, 'zone').some((zone) => zones.includes(zone)) ||
	wordsOf(end, 'interface').some(
		(name) =>
			name === own || zones.some((zone) => at(security, 'zones', 'security-zone', zone, 'interfaces', name) !== undefined),
	) ||
	wordsOf(end, 'routing-instance').length > 0;

/** The blocks of one side of a rule: by address, or by a name of the book that is for all. */
const sideOf = (rule: JunosNode, side: 'source' | 'destination', books: AddressBooks): { cidrs: string[]; isKnown: boolean } => {
	const words = wordsOf(rule, 'match', `${side}-address`);
	const names = wordsOf(rule, 'match', `${side}-address-name`);
	if (words.length + names.length === 0) return { cidrs: everywhere, isKnown: true };
	const byName = names.map((name) => books.of('global', name)?.cidrs);
	const cidrs = [...words.flatMap((word) => cidrOf(word) ?? []), ...byName.flatMap((one) => one ?? [])];
	return { cidrs, isKnown: byName.every((one) => one !== undefined) };
};

const isForSome = (rule: JunosNode): boolean =>
	['source-port', 'destination-port', 'protocol', 'application'].some((word) => at(rule, 'match', word) !== undefined);

/** The first rule that translates some packet of a pair; one that does without counts for all the packets that it names. */
const translating = (set: JunosNode, pair: Pair, books: AddressBooks): Named | undefined => {
	let left: Packets = packetsOf(pair);
	for (const [name, rule] of named(set, 'rule')) {
		if (left.length === 0) return undefined;
		const [locals, remotes] = [sideOf(rule, 'source', books), sideOf(rule, 'destination', books)];
		const blocks = { locals: locals.cidrs, remotes: remotes.cidrs };
		if (at(rule, 'then', 'source-nat', 'off') === undefined) {
			if (within(left, blocks).length > 0) return [name, rule];
		} else if (!isForSome(rule)) left = without(left, blocks);
	}
	return undefined;
};

/** Source translation comes before the tunnel: the pairs need a rule that does without, ahead of the others. */
export const translation = (security: JunosNode, way: Way, wanted: readonly Pair[]): Finding[] =>
	named(security, 'nat', 'source', 'rule-set').flatMap(([setName, set]) => {
		const { insides, outside, externalInterface, books } = way;
		if (!isAt(security, at(set, 'from'), insides) || !isAt(security, at(set, 'to'), [outside], externalInterface)) return [];
		const caught = wanted.flatMap((pair) => {
			const rule = translating(set, pair, books);
			return rule === undefined ? [] : [{ pair, rule }];
		});
		const [first] = caught;
		if (first === undefined) return [];
		const [name, rule] = first.rule;
		const path = `security nat source rule-set ${setName} rule`;
		const locals = caught.map(({ pair }) => pair.local);
		const own = freeName(set);
		return [
			finding('nat-exemption', rule.line, {
				message: `rule ${name} of source rule-set ${setName} translates packets from ${locals.join(', ')} to ${first.pair.remote}`,
				expected: 'a rule before it that matches these, then source-nat off',
				commands: [
					...locals.map((local) => `set ${path} ${own} match source-address ${local}`),
					`set ${path} ${own} match destination-address ${first.pair.remote}`,
					`set ${path} ${own} then source-nat off`,
					`insert ${path} ${own} before rule ${name}`,
				],
			}),
		];
	});

/** A rule of that name may be about something else. */
const freeName = (set: JunosNode): string => {
	const taken = at(set, 'rule')?.below;
	let name = `${ownName}-no-nat`;
	for (let n = 2; taken?.has(name); n++) name = `${ownName}-no-nat-${n}`;
	return name;
};

/** Static translation works both ways: what its hosts send to the outside gets another source. */
export const staticTranslation = (security: JunosNode, way: Way, wanted: readonly Pair[]): Finding[] =>
	named(security, 'nat', 'static', 'rule-set').flatMap(([setName, set]) => {
		if (!isAt(security, at(set, 'from'), [way.outside], way.externalInterface)) return [];
		return named(set, 'rule').flatMap(([name, rule]) => {
			const prefix = at(rule, 'then', 'static-nat', 'prefix');
			const hosts = [...(prefix?.below.keys() ?? [])].flatMap((word) => cidrOf(word) ?? []);
			const caught = wanted.filter((pair) => within(packetsOf(pair), { locals: hosts, remotes: everywhere }).length > 0);
			const [first] = caught;
			if (first === undefined) return [];
			return [
				finding('nat-exemption', rule.line, {
					message: `rule ${name} of static rule-set ${setName} translates what ${hosts.join(', ')} sends to ${first.remote}`,
					expected: `hosts of ${first.local} without static translation, or a subnet of the connection without these hosts`,
					// What the rule serves would stop: this is for people to do.
					commands: [],
				}),
			];
		});
	});
