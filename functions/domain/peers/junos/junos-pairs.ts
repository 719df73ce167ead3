import type { DevicePair, Finding, Pair } from '../contract/peer-reading.ts';
import { addressName, bookOf, ownName } from './junos-addresses.ts';
import { isUnread, type Policy, pairPolicyOf, pathOf, policyFaults, type Side, type Ways } from './junos-policies.ts';
import type { JunosNode } from './junos-tree.ts';

type Pairs = { pairs: DevicePair[]; unreadPairs: number; faults: Finding[] };

/** No connection has as many pairs; a policy of more is at fault anyway. */
const mostPairs = 1_024;

/** The subnet pairs of a tunnel are those of its policies. */
export const pairsOf = (security: JunosNode, { outward, inward }: Ways): Pairs => {
	const faults: Finding[] = [];
	const pairs: DevicePair[] = [];
	let unreadPairs = 0;
	for (const policy of outward) {
		const { source, destination } = policy;
		if (isUnread(source) || isUnread(destination)) unreadPairs++;
		faults.push(...source.faults, ...destination.faults, ...policyFaults(policy, inward));
		const mirror = inward.find((other) => other.name === pairPolicyOf(policy));
		const move = (side: Side, wanted: string) =>
			otherAddress(security, {
				policy,
				mirror,
				side,
				names: side === 'source-address' ? source.names : destination.names,
				wanted,
			});
		for (const local of source.cidrs)
			for (const remote of destination.cidrs) {
				if (pairs.length >= mostPairs) break;
				pairs.push({
					local: { value: local, found: local, line: source.setLine },
					remote: { value: remote, found: remote, line: destination.setLine },
					remove: [policy, mirror].flatMap((one) => (one === undefined ? [] : [`delete ${pathOf(one)}`])),
					replace: (wanted) => [
						...(local === wanted.local ? [] : move('source-address', wanted.local)),
						...(remote === wanted.remote ? [] : move('destination-address', wanted.remote)),
					],
				});
			}
	}
	for (const policy of inward) faults.push(...policy.source.faults, ...policy.destination.faults);
	return { pairs, unreadPairs, faults };
};

type Move = { policy: Policy; mirror: Policy | undefined; side: Side; names: string[]; wanted: string };

/** Another address on one side of a policy, and on the other side of its mirror. */
const otherAddress = (security: JunosNode, { policy, mirror, side, names, wanted }: Move): string[] => {
	const zone = side === 'source-address' ? policy.from : policy.to;
	const change = (path: string, word: Side) => [
		...names.map((old) => `delete ${path} match ${word} ${old}`),
		`set ${path} match ${word} ${addressName(wanted)}`,
	];
	return [
		`set ${bookOf(security, zone)} address ${addressName(wanted)} ${wanted}`,
		...change(pathOf(policy), side),
		...(mirror === undefined ? [] : change(pathOf(mirror), side === 'source-address' ? 'destination-address' : 'source-address')),
	];
};

type Place = { tunnel: string; inside: string; outside: string; policies: readonly Policy[] };

/** Commands for a pair that is not there: two addresses and a policy each way, before all others. */
export const newPair = (security: JunosNode, { tunnel, inside, outside, policies }: Place, { local, remote }: Pair): string[] => {
	const isFree = (n: number) => !policies.some(({ name }) => name === `${ownName}-out-${n}`);
	const free = Array.from({ length: policies.length + 1 }, (_, n) => n + 1).find(isFree) ?? policies.length + 1;
	const out = `${ownName}-out-${free}`;
	const back = `${ownName}-in-${free}`;
	const both = [
		{ from: inside, to: outside, own: out, pair: back, source: local, destination: remote },
		{ from: outside, to: inside, own: back, pair: out, source: remote, destination: local },
	];
	return [
		`set ${bookOf(security, inside)} address ${addressName(local)} ${local}`,
		`set ${bookOf(security, outside)} address ${addressName(remote)} ${remote}`,
		...both.flatMap(({ from, to, own, pair, source, destination }) => {
			const path = `security policies from-zone ${from} to-zone ${to} policy ${own}`;
			const top = policies.find((one) => one.from === from && one.to === to);
			return [
				`set ${path} match source-address ${addressName(source)} destination-address ${addressName(destination)} application any`,
				`set ${path} then permit tunnel ipsec-vpn ${tunnel}`,
				`set ${path} then permit tunnel pair-policy ${pair}`,
				...(top === undefined ? [] : [`insert ${path} before policy ${top.name}`]),
			];
		}),
	];
};
