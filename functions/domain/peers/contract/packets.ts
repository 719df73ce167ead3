import { cidrRange } from '../../model/cidr.ts';
import type { Pair } from './peer-reading.ts';

type Range = { first: number; last: number };
/** Packets between two ranges of addresses. */
type Area = { local: Range; remote: Range };
/** A set of packets, in areas that have no packet in common. */
export type Packets = readonly Area[];
/** What a rule names: each of its blocks on one side with each on the other. */
export type Blocks = { locals: readonly string[]; remotes: readonly string[] };

/** More pieces than this come of no configuration that people write: beyond it a rule is taken to leave nothing. */
const mostAreas = 256;

export const packetsOf = ({ local, remote }: Pair): Packets => [{ local: cidrRange(local), remote: cidrRange(remote) }];

const common = (a: Range, b: Range): Range | undefined => {
	const range = { first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) };
	return range.first <= range.last ? range : undefined;
};
const rest = (a: Range, b: Range): Range[] =>
	[
		{ first: a.first, last: Math.min(a.last, b.first - 1) },
		{ first: Math.max(a.first, b.last + 1), last: a.last },
	].filter(({ first, last }) => first <= last);

/** Blocks without what another of them has, in order, so that no packet counts twice. */
const disjoint = (cidrs: readonly string[]): Range[] => {
	const ranges: Range[] = [];
	for (const range of cidrs.map(cidrRange).sort((a, b) => a.first - b.first || b.last - a.last)) {
		const before = ranges.at(-1);
		if (before === undefined || range.first > before.last + 1) ranges.push({ ...range });
		else before.last = Math.max(before.last, range.last);
	}
	return ranges;
};

const pieces = (packets: Packets, { locals, remotes }: Blocks): { inside: Area[]; outside: Area[] } => {
	const mine = disjoint(locals).filter((one) => packets.some(({ local }) => common(local, one) !== undefined));
	const theirs = disjoint(remotes).filter((one) => packets.some(({ remote }) => common(remote, one) !== undefined));
	const inside: Area[] = [];
	let outside: Area[] = [...packets];
	for (const local of mine)
		for (const remote of theirs) {
			const left: Area[] = [];
			for (const area of outside) {
				const l = common(area.local, local);
				const r = common(area.remote, remote);
				if (l === undefined || r === undefined) {
					left.push(area);
					continue;
				}
				inside.push({ local: l, remote: r });
				for (const one of rest(area.local, local)) left.push({ local: one, remote: area.remote });
				for (const one of rest(area.remote, remote)) left.push({ local: l, remote: one });
			}
			outside = left;
			if (outside.length === 0 || outside.length + inside.length > mostAreas) return { inside, outside: [] };
		}
	return { inside, outside };
};

export const within = (packets: Packets, blocks: Blocks): Packets => pieces(packets, blocks).inside;
export const without = (packets: Packets, blocks: Blocks): Packets => pieces(packets, blocks).outside;
