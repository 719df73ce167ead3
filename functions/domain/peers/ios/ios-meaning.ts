import type { Line } from '../contract/peer-reading.ts';
import { entryText } from './ios-acl.ts';
import type { Command, IosConfig } from './ios-config.ts';

const withoutLines = (values: ReadonlyMap<string, Command>): unknown =>
	[...values].map(([key, { words }]) => [key, words]).sort();

/** All that was understood, without the lines it was in. */
export const meaningOf = (config: IosConfig): unknown => ({
	policies: config.policies.map(({ number, values }) => [number, withoutLines(values)]),
	keys: config.keys.map(({ key, of }) => [key, of]),
	transformSets: config.transformSets.map(({ name, transforms, mode }) => [name, transforms, mode?.words]),
	maps: config.maps.map(({ name, sequence, peers, values }) => [
		name,
		sequence,
		peers.map((peer) => [peer.name, peer.isDefault]),
		withoutLines(values),
	]),
	interfaces: config.interfaces.map(({ name, values }) => [name, withoutLines(values)]),
	lists: config.lists.map(({ name, kind, entries }) => [name, kind, entries.map((entry) => [entry.sequence, entryText(entry)])]),
	nats: config.nats.map(({ text }) => text),
	routeMaps: config.routeMaps.map(({ name, entries }) => [
		name,
		entries.map(({ action, sequence, lists, interfaces }) => [action, sequence, lists, interfaces]),
	]),
	hosts: [...config.hosts],
	settings: withoutLines(config.settings),
	notRead: [...config.notRead.keys()],
});

/** Definitions that nothing refers to. Of what translation goes by, only the exemptions may be in the text. */
export const unusedOf = ({ transformSets, maps, interfaces, lists, nats, routeMaps, settings }: IosConfig): Line[] => {
	const sets = new Set(maps.flatMap(({ values }) => values.get('set transform-set')?.words ?? []));
	const applied = new Set(interfaces.map(({ values }) => values.get('crypto map')?.words[0]));
	const used = new Set([
		...maps.flatMap(({ values }) => values.get('match address')?.words ?? []),
		...nats.flatMap(({ by }) => ('list' in by ? [by.list] : [])),
		...routeMaps.flatMap(({ entries }) => entries.flatMap((entry) => entry.lists ?? [])),
		...interfaces.flatMap(({ values }) => [
			...(values.get('ip access-group in')?.words ?? []),
			...(values.get('ip access-group out')?.words ?? []),
		]),
		...[...settings.keys()].flatMap((key) => /^ip access-list resequence (.*)$/.exec(key)?.[1] ?? []),
	]);
	return [
		...transformSets.filter(({ name }) => !sets.has(name)).map(({ name, line }) => ({ line, text: `transform-set ${name}` })),
		...maps
			.filter(({ name }) => !applied.has(name))
			.map(({ name, sequence, line }) => ({ line, text: `crypto map ${name} ${sequence}` })),
		...lists.filter(({ name }) => !used.has(name)).map(({ name, line }) => ({ line, text: `access list ${name}` })),
	];
};
