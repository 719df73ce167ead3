import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { type AddressBooks, bookOf, meets } from './junos-addresses.ts';
import { at, lineOf, named, wordOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

export type Side = 'source-address' | 'destination-address';
export type PolicySide = {
	cidrs: readonly string[];
	names: string[];
	line: number;
	/** Where the addresses themselves are set. */
	setLine: number;
	faults: Finding[];
	/** Names that stand for nothing in any zone. */
	undefinedNames: UndefinedName[];
};
type UndefinedName = { zone: string; name: string; line: number };
export type Policy = { name: string; from: string; to: string; node: JunosNode; source: PolicySide; destination: PolicySide };

/** A tunnel's policies from the inside to the outside, and back. */
export type Ways = { outward: readonly Policy[]; inward: readonly Policy[] };

type Place = { from: string; to: string; node: JunosNode };

export const policiesOf = (security: JunosNode, books: AddressBooks): Policy[] =>
	named(security, 'policies', 'from-zone').flatMap(([from, one]) =>
		named(one, 'to-zone').flatMap(([to, other]) =>
			named(other, 'policy').map(([name, node]) => ({
				name,
				from,
				to,
				node,
				source: sideOf(books, { from, to, node }, 'source-address'),
				destination: sideOf(books, { from, to, node }, 'destination-address'),
			})),
		),
	);

export const pathOf = ({ from, to, name }: Pick<Policy, 'from' | 'to' | 'name'>): string =>
	`security policies from-zone ${from} to-zone ${to} policy ${name}`;

/** An address that is in the book of another zone. */
const inOtherZone = (
	{ zone, name, line }: UndefinedName,
	elsewhere: readonly { other: string; cidr: string | undefined }[],
): Finding => {
	const zones = elsewhere.map(({ other }) => other).join(', ');
	return finding('wrong-zone', line, {
		message: `address ${name} is in the book of zone ${zones}, and this is zone ${zone}`,
		expected: `address ${name} in the book of zone ${zone}`,
		// Other policies of that zone may use it: it stays there as well.
		commands: elsewhere.flatMap(({ cidr }) =>
			cidr === undefined ? [] : [`set security zones security-zone ${zone} address-book address ${name} ${cidr}`],
		),
	});
};

/** The addresses of one side of a policy, with what is wrong with its names. */
const sideOf = (books: AddressBooks, { from, to, node }: Place, side: Side): PolicySide => {
	const zone = side === 'source-address' ? from : to;
	const names = named(node, 'match', side);
	const line = lineOf(names[0]?.[1], node);
	const faults: Finding[] = [];
	const undefinedNames: UndefinedName[] = [];
	const found = names.map(([name, { line: where }]) => {
		const addresses = books.of(zone, name);
		if (addresses === undefined) {
			const elsewhere = books.zonesWith(name).map((other) => ({ other, cidr: books.of(other, name)?.cidrs[0] }));
			if (elsewhere.length === 0) undefinedNames.push({ zone, name, line: where });
			else faults.push(inOtherZone({ zone, name, line: where }, elsewhere));
		}
		if (addresses?.isCircular)
			faults.push(
				finding('undefined-name', addresses.line, {
					message: `address-set ${name} has itself among its members`,
					expected: 'addresses, and sets that do not come back to it',
					commands: [],
				}),
			);
		return addresses;
	});
	const [only] = found;
	return {
		cidrs: found.length === 1 ? (only?.cidrs ?? []) : found.flatMap((one) => one?.cidrs ?? []),
		names: names.map(([name]) => name),
		line,
		setLine: found.find((one) => one !== undefined)?.line ?? line,
		faults,
		undefinedNames,
	};
};

/** Whether some of its names stand for no address. */
export const isUnread = ({ faults, undefinedNames }: PolicySide): boolean => faults.length + undefinedNames.length > 0;

/** Names of a tunnel's policies that stand for nothing. Of several subnets, which of them a name is to stand for is not known. */
export const undefinedAddresses = (security: JunosNode, { outward, inward }: Ways, view: PeerView): Finding[] => {
	const toBe = (side: PolicySide, cidrs: readonly string[]) =>
		side.undefinedNames.map(({ zone, name, line }) =>
			undefinedName(
				line,
				`address ${name} of zone ${zone}`,
				cidrs.length === 1 ? [`set ${bookOf(security, zone)} address ${name} ${cidrs[0]}`] : [],
			),
		);
	const [here, there] = [view.localSubnets, [view.remoteSubnet]];
	return [
		...outward.flatMap(({ source, destination }) => [...toBe(source, here), ...toBe(destination, there)]),
		...inward.flatMap(({ source, destination }) => [...toBe(source, there), ...toBe(destination, here)]),
	];
};

/** The policy that this one names for the way back. */
export const pairPolicyOf = ({ node }: Policy): string | undefined => wordOf(node, 'then', 'permit', 'tunnel', 'pair-policy');

/** The device derives its proxy identity from a policy's addresses and application, and from both policies of a pair. */
export const policyFaults = (policy: Policy, inward: readonly Policy[]): Finding[] => {
	const { source, destination } = policy;
	const faults: Finding[] = [];
	const path = pathOf(policy);
	const applications = named(policy.node, 'match', 'application');
	if (applications.map(([name]) => name).join() !== 'any')
		faults.push(
			finding('application', lineOf(applications[0]?.[1], policy.node), {
				message: `policy ${policy.name} is for application ${applications.map(([name]) => name).join(', ') || 'nothing'}, which becomes part of its proxy identity`,
				expected: 'application any',
				commands: [
					...applications.map(([name]) => `delete ${path} match application ${name}`),
					`set ${path} match application any`,
				],
			}),
		);
	const pairName = pairPolicyOf(policy);
	const pairLine = lineOf(policy.node, undefined, 'then', 'permit', 'tunnel', 'pair-policy');
	const pair = inward.find(({ name, from, to }) => name === pairName && from === policy.to && to === policy.from);
	const mirrored = (one: Policy): boolean =>
		one.source.cidrs.join() === destination.cidrs.join() && one.destination.cidrs.join() === source.cidrs.join();
	if (pair === undefined) {
		const candidate = inward.find(mirrored) ?? inward[0];
		faults.push(
			finding('pair-policy', pairLine, {
				message:
					pairName === undefined
						? `policy ${policy.name} has no pair-policy`
						: `pair-policy ${pairName} is no tunnel policy from ${policy.to} to ${policy.from}`,
				expected: `a policy from zone ${policy.to} to zone ${policy.from} into the same tunnel, each naming the other`,
				commands: candidate === undefined ? [] : [`set ${path} then permit tunnel pair-policy ${candidate.name}`],
			}),
		);
		return faults;
	}
	const back = pairPolicyOf(pair);
	if (back !== policy.name)
		faults.push(
			finding('pair-policy', lineOf(pair.node, undefined, 'then', 'permit', 'tunnel', 'pair-policy'), {
				message: `policy ${pair.name} names ${back ?? 'no policy'} as its pair, and not ${policy.name}`,
				expected: `pair-policy ${policy.name}`,
				commands: [`set ${pathOf(pair)} then permit tunnel pair-policy ${policy.name}`],
			}),
		);
	const { source: there, destination: here } = pair;
	const unread = [there, here, source, destination].some(isUnread);
	if (!unread && !mirrored(pair))
		faults.push(
			finding('subnets-not-mirrored', there.cidrs.join() === destination.cidrs.join() ? here.line : there.line, {
				message: `policy ${pair.name} is from ${there.cidrs.join(', ')} to ${here.cidrs.join(', ')}, which does not mirror policy ${policy.name}`,
				expected: `source ${destination.names.join(', ')}, destination ${source.names.join(', ')}`,
				commands: [
					...there.names.map((name) => `delete ${pathOf(pair)} match source-address ${name}`),
					...here.names.map((name) => `delete ${pathOf(pair)} match destination-address ${name}`),
					...destination.names.map((name) => `set ${pathOf(pair)} match source-address ${name}`),
					...source.names.map((name) => `set ${pathOf(pair)} match destination-address ${name}`),
				],
			}),
		);
	if (source.names.length > 1 || destination.names.length > 1 || source.cidrs.length > 1 || destination.cidrs.length > 1)
		faults.push(
			finding('subnets-not-mirrored', source.cidrs.length > 1 ? source.line : destination.line, {
				message: `policy ${policy.name} has several addresses on a side: its proxy identity is then 0.0.0.0/0`,
				expected: 'one source and one destination address a policy, and a policy pair a subnet pair',
				commands: [],
			}),
		);
	return faults;
};

/** A policy for some applications: what it refuses is meant to be refused, and the rest goes on to the next. */
const isRefusalOfSome = ({ node }: Policy): boolean => {
	const applications = named(node, 'match', 'application').map(([name]) => name);
	const refuses = at(node, 'then', 'deny') !== undefined || at(node, 'then', 'reject') !== undefined;
	return refuses && applications.length > 0 && !applications.includes('any');
};

/** The policy that takes a pair in before this one does. */
const takenBy = (policy: Policy, all: readonly Policy[], { local, remote }: Pair): Policy | undefined => {
	if (!policy.source.cidrs.includes(local) || !policy.destination.cidrs.includes(remote)) return undefined;
	const context = all.filter(({ from, to }) => from === policy.from && to === policy.to);
	return context
		.slice(0, context.indexOf(policy))
		.find(
			(one) =>
				at(one.node, 'then', 'permit', 'tunnel') === undefined &&
				!isRefusalOfSome(one) &&
				meets(one.source.cidrs, local) &&
				meets(one.destination.cidrs, remote),
		);
};

/** Policies are searched from the top: an earlier one that takes the pairs in hides the tunnel, by one fault for all of them. */
export const shadowing = (own: readonly Policy[], all: readonly Policy[], pairs: readonly Pair[]): Finding[] => {
	const hidden = new Map<Policy, { policy: Policy; pair: Pair }[]>();
	for (const policy of own)
		for (const pair of pairs) {
			const earlier = takenBy(policy, all, pair);
			if (earlier !== undefined) hidden.set(earlier, [...(hidden.get(earlier) ?? []), { policy, pair }]);
		}
	return [...hidden].map(([earlier, behind]) => {
		const policies = [...new Set(behind.map(({ policy }) => policy))];
		const names = policies.map(({ name }) => name).join(', ');
		return finding('policy-order', policies[0]?.node.line ?? earlier.node.line, {
			message: `policy ${earlier.name} stands before ${names} and takes packets from ${behind.map(({ pair }) => pair.local).join(', ')} to ${behind[0]?.pair.remote ?? ''}`,
			expected: `${names} before policy ${earlier.name}`,
			commands: policies.map((policy) => `insert ${pathOf(policy)} before policy ${earlier.name}`),
		});
	});
};
