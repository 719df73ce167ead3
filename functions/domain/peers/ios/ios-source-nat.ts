import { finding } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import { type Acl, decidingEntry } from './ios-acl.ts';
import type { IosConfig } from './ios-config.ts';
import { editList, pairText } from './ios-pairs.ts';

/** What is translated never reaches the crypto map. */
export const translated = (config: IosConfig, wanted: readonly Pair[]): Finding[] =>
	config.nats.flatMap(({ list, routeMap, text }) => {
		const names = list === undefined ? routeMapLists(config, routeMap) : [list];
		return config.lists
			.filter(({ name }) => names.includes(name))
			.flatMap((found) => {
				const caught = wanted.flatMap((pair) => {
					const first = decidingEntry(found, pair);
					return first?.action === 'permit' ? [{ pair, line: first.line }] : [];
				});
				const [first] = caught;
				if (first === undefined) return [];
				const refusals = caught.map(({ pair }) => `deny ${pairText(pair)}`);
				return [
					finding('nat-exemption', first.line, {
						message: `access list ${found.name} has packets from ${caught.map(({ pair }) => pair.local).join(', ')} to ${first.pair.remote} translated`,
						expected: `${refusals.join(', ')} before it`,
						commands: found.kind === 'extended' ? refuseFirst(found, refusals) : byAnotherList(found, refusals, text),
					}),
				];
			});
	});

const refuseFirst = (list: Acl, refusals: readonly string[]): string[] => [
	`ip access-list resequence ${list.name} 1000 10`,
	...editList(
		list,
		refusals.map((refusal, n) => `${100 + n} ${refusal}`),
	),
];

/** A standard list knows sources only: an extended one takes its place. */
const byAnotherList = ({ entries }: Acl, refusals: readonly string[], nat: string): string[] => [
	'ip access-list extended S2S-NAT',
	...refusals.map((refusal) => ` ${refusal}`),
	...entries.map(({ action, source }) => ` ${action} ip ${source.text} any`),
	'exit',
	`no ${nat}`,
	nat.replace(/ (list|route-map) \S+/i, ' list S2S-NAT'),
];

const routeMapLists = ({ routeMaps }: IosConfig, name: string | undefined): string[] =>
	(routeMaps.find((one) => one.name === name)?.entries ?? []).flatMap(({ action, lists }) => (action === 'permit' ? lists : []));
