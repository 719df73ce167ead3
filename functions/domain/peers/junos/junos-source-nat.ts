import { cidrContains } from '../../model/cidr.ts';
import { finding } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import { cidrOf, meets, ownName } from './junos-addresses.ts';
import { at, type Named, named, wordsOf } from './junos-nodes.ts';
import type { Policy } from './junos-policies.ts';
import type { JunosNode } from './junos-tree.ts';

const matches = (cidrs: readonly string[], cidr: string): boolean => cidrs.some((one) => cidrContains(one, cidr));

type Zones = { inside: string; outside: string; outward: readonly Policy[]; wanted: readonly Pair[] };

/** Source translation comes before the tunnel: the pairs need a rule that does without, ahead of the others. */
export const translation = (security: JunosNode, { inside, outside, outward, wanted }: Zones): Finding[] => {
	const insides = outward.length === 0 ? [inside] : [...new Set(outward.map(({ from }) => from))];
	return named(security, 'nat', 'source', 'rule-set').flatMap(([setName, set]) => {
		const isBetween =
			wordsOf(set, 'from', 'zone').some((zone) => insides.includes(zone)) && wordsOf(set, 'to', 'zone').includes(outside);
		if (!isBetween) return [];
		const caught = wanted.flatMap((pair) => {
			const rule = deciding(set, pair);
			return rule === undefined || at(rule[1], 'then', 'source-nat', 'off') !== undefined ? [] : [{ pair, rule }];
		});
		const [first] = caught;
		if (first === undefined) return [];
		const [name, rule] = first.rule;
		const path = `security nat source rule-set ${setName} rule`;
		const locals = caught.map(({ pair }) => pair.local);
		return [
			finding('nat-exemption', rule.line, {
				message: `rule ${name} of source rule-set ${setName} translates packets from ${locals.join(', ')} to ${first.pair.remote}`,
				expected: 'a rule before it that matches these, then source-nat off',
				commands: [
					...locals.map((local) => `set ${path} ${ownName}-no-nat match source-address ${local}`),
					`set ${path} ${ownName}-no-nat match destination-address ${first.pair.remote}`,
					`set ${path} ${ownName}-no-nat then source-nat off`,
					`insert ${path} ${ownName}-no-nat before rule ${name}`,
				],
			}),
		];
	});
};

/** The first rule for some packet of the pair; one that does without counts where it has all of them. */
const deciding = (set: JunosNode, { local, remote }: Pair): Named | undefined =>
	named(set, 'rule').find(([, rule]) => {
		const covers = at(rule, 'then', 'source-nat', 'off') !== undefined ? matches : meets;
		const sources = wordsOf(rule, 'match', 'source-address').map(cidrOf);
		const destinations = wordsOf(rule, 'match', 'destination-address').map(cidrOf);
		return (sources.length === 0 || covers(sources, local)) && (destinations.length === 0 || covers(destinations, remote));
	});
