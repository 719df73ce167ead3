import { type Packets, packetsOf, within, without } from '../contract/packets.ts';
import { finding } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import { type Acl, permitted } from './ios-acl.ts';
import type { IosConfig, IosInterface, IosNat, IosRouteMap, IosRouteMapEntry } from './ios-config.ts';
import { editList, pairText, refuseFirst } from './ios-pairs.ts';

/** The names of what a finding's commands make. */
const ownList = 'S2S-NAT';
const ownPairs = 'S2S-PAIRS';

/** What has packets translated: the line that decides it, and how to keep them out of it. */
type Caught = { line: number; by: string; commands(pairs: readonly Pair[]): string[] };

/** Translation is for what leaves by an interface that is `ip nat outside`, whosever address the rule gives. */
const isOnTheWay = ({ interfaces }: IosConfig, { gives }: IosNat, applied: readonly IosInterface[]): boolean => {
	if (applied.length === 0) return true;
	const outside = interfaces.filter(({ values }) => values.has('ip nat outside'));
	if (outside.length > 0) return applied.some((one) => outside.includes(one));
	return gives === undefined || applied.some(({ name }) => name === gives);
};

const byList = ({ lists }: IosConfig, nat: IosNat, name: string, packets: Packets): Caught | undefined => {
	const list = lists.find((one) => one.name === name);
	const [first] = list === undefined ? [] : permitted(list, packets);
	if (list === undefined || first === undefined) return undefined;
	return {
		line: first.entry.line,
		by: `access list ${name}`,
		commands: (pairs) => (list.kind === 'extended' ? refuseFirst(list, pairs) : byAnotherList(list, pairs, nat.text)),
	};
};

/** A standard list knows sources only: an extended one takes its place. */
const byAnotherList = ({ entries }: Acl, pairs: readonly Pair[], nat: string): string[] => [
	`ip access-list extended ${ownList}`,
	...pairs.map((pair) => ` deny ${pairText(pair)}`),
	...entries.map(({ action, source }) => ` ${action} ip ${source.text} any`),
	'exit',
	`no ${nat}`,
	nat.replace(/ list \S+/i, ` list ${ownList}`),
];

/** The first entry that matches decides; one that matches nothing by an access list takes every packet. */
const byRouteMap = (config: IosConfig, name: string, packets: Packets, applied: readonly IosInterface[]): Caught | undefined => {
	const map = config.routeMaps.find((one) => one.name === name);
	let left = packets;
	for (const entry of map?.entries ?? []) {
		if (map === undefined || left.length === 0) break;
		const { interfaces } = entry;
		if (interfaces !== undefined && applied.length > 0 && !applied.some((one) => interfaces.includes(one.name))) continue;
		const matched = matching(config, entry, left);
		if (entry.action === 'permit' && matched.some((one) => one.packets.length > 0))
			return {
				line: matched[0]?.line ?? entry.line,
				by: `entry ${entry.sequence} of route-map ${name}`,
				commands: (pairs) => refuseBefore(map, entry, pairs),
			};
		for (const { blocks } of matched) if (blocks !== undefined) left = without(left, blocks);
	}
	return undefined;
};

type Matched = { line: number; packets: Packets; blocks?: { locals: string[]; remotes: string[] } };
const everything = { locals: ['0.0.0.0/0'], remotes: ['0.0.0.0/0'] };

const matching = (config: IosConfig, { lists, line }: IosRouteMapEntry, packets: Packets): Matched[] => {
	if (lists === undefined) return [{ line, packets, blocks: everything }];
	return lists.flatMap((name) => {
		const list = config.lists.find((one) => one.name === name);
		return (list === undefined ? [] : permitted(list, packets)).map(({ entry, packets: taken, whole }) => ({
			line: entry.line,
			packets: taken,
			...(whole ? { blocks: { locals: [entry.source.cidr ?? ''], remotes: [entry.destination.cidr ?? ''] } } : {}),
		}));
	});
};

/** A refusal in the route map, before the entry that takes the pairs; the rest of it stays as it is. */
const refuseBefore = ({ name, entries }: IosRouteMap, { sequence }: IosRouteMapEntry, pairs: readonly Pair[]): string[] => {
	const taken = new Set(entries.map((one) => one.sequence));
	let free = sequence - 1;
	while (free > 0 && taken.has(free)) free--;
	if (free < 1) return [];
	return [
		...editList(
			ownPairs,
			pairs.map((pair) => `permit ${pairText(pair)}`),
		),
		'exit',
		`route-map ${name} deny ${free}`,
		` match ip address ${ownPairs}`,
		'exit',
	];
};

const byHosts = (
	config: IosConfig,
	{ line, by, text }: IosNat,
	packets: Packets,
	applied: readonly IosInterface[],
): Caught | undefined => {
	if (!('hosts' in by)) return undefined;
	const own = within(packets, { locals: [by.hosts], remotes: ['0.0.0.0/0'] });
	if (own.length === 0) return undefined;
	if (by.routeMap !== undefined) return byRouteMap(config, by.routeMap, own, applied);
	// It cannot be replaced while it is in use, and what it serves would stop: this is for people to do.
	return { line, by: text, commands: () => [] };
};

const caughtBy = (config: IosConfig, nat: IosNat, pair: Pair, applied: readonly IosInterface[]): Caught | undefined => {
	const packets = packetsOf(pair);
	const { by } = nat;
	if ('list' in by) return byList(config, nat, by.list, packets);
	return 'hosts' in by ? byHosts(config, nat, packets, applied) : byRouteMap(config, by.routeMap, packets, applied);
};

/** What is translated never reaches the crypto map. */
export const translated = (config: IosConfig, wanted: readonly Pair[], applied: readonly IosInterface[]): Finding[] =>
	config.nats
		.filter((nat) => isOnTheWay(config, nat, applied))
		.flatMap((nat) => {
			const caught = wanted.flatMap((pair) => {
				const one = caughtBy(config, nat, pair, applied);
				return one === undefined ? [] : [{ pair, ...one }];
			});
			const [first] = caught;
			if (first === undefined) return [];
			const pairs = caught.map(({ pair }) => pair);
			const isStatic = 'hosts' in nat.by && nat.by.routeMap === undefined;
			return [
				finding('nat-exemption', first.line, {
					message: `${first.by} has packets from ${pairs.map(({ local }) => local).join(', ')} to ${first.pair.remote} translated`,
					expected: isStatic
						? `a route-map on it that refuses what goes to ${first.pair.remote}`
						: `${pairs.map((pair) => `deny ${pairText(pair)}`).join(', ')} before it`,
					commands: first.commands(pairs),
				}),
			];
		});
