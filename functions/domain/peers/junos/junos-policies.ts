import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { Finding, Pair } from '../contract/peer-reading.ts';
import { addressesOf, booksWith, meets } from './junos-addresses.ts';
import { at, lineOf, named, wordOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

export type Policy = { name: string; from: string; to: string; node: JunosNode };

export const policiesOf = (security: JunosNode): Policy[] =>
	named(security, 'policies', 'from-zone').flatMap(([from, one]) =>
		named(one, 'to-zone').flatMap(([to, other]) => named(other, 'policy').map(([name, node]) => ({ name, from, to, node }))),
	);

export const pathOf = ({ from, to, name }: Policy): string => `security policies from-zone ${from} to-zone ${to} policy ${name}`;

export type Side = 'source-address' | 'destination-address';
export type PolicySide = {
	cidrs: string[];
	names: string[];
	line: number;
	/** Where the addresses themselves are set. */
	setLine: number;
	faults: Finding[];
};

/** The addresses of one side of a policy, with what is wrong with its names. */
export const sideOf = (security: JunosNode, policy: Policy, side: Side): PolicySide => {
	const zone = side === 'source-address' ? policy.from : policy.to;
	const names = named(policy.node, 'match', side);
	const line = lineOf(names[0]?.[1], policy.node);
	const faults: Finding[] = [];
	const found = names.map(([name, node]) => {
		const addresses = addressesOf(security, zone, name);
		if (addresses !== undefined) return addresses;
		const elsewhere = booksWith(security, name);
		faults.push(
			elsewhere.length === 0
				? undefinedName(node.line, `address ${name} of zone ${zone}`, [
						`set security zones security-zone ${zone} address-book address ${name} …`,
					])
				: finding('wrong-zone', node.line, {
						message: `address ${name} is in the book of zone ${elsewhere.join(', ')}, and this is zone ${zone}`,
						expected: `address ${name} in the book of zone ${zone}`,
						commands: elsewhere.flatMap((other) => {
							const cidr = addressesOf(security, other, name)?.cidrs[0] ?? '';
							return [
								`delete security zones security-zone ${other} address-book address ${name}`,
								`set security zones security-zone ${zone} address-book address ${name} ${cidr}`,
							];
						}),
					}),
		);
		return undefined;
	});
	return {
		cidrs: found.flatMap((one) => one?.cidrs ?? []),
		names: names.map(([name]) => name),
		line,
		setLine: found.find((one) => one !== undefined)?.line ?? line,
		faults,
	};
};

/** The policy that this one names for the way back. */
export const pairPolicyOf = ({ node }: Policy): string | undefined => wordOf(node, 'then', 'permit', 'tunnel', 'pair-policy');

type Sides = { source: PolicySide; destination: PolicySide; inward: readonly Policy[] };

/** The device derives its proxy identity from a policy's addresses and application, and from both policies of a pair. */
export const policyFaults = (security: JunosNode, policy: Policy, { source, destination, inward }: Sides): Finding[] => {
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
	const mirrored = (one: Policy): boolean => {
		const there = sideOf(security, one, 'source-address');
		const here = sideOf(security, one, 'destination-address');
		return there.cidrs.join() === destination.cidrs.join() && here.cidrs.join() === source.cidrs.join();
	};
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
	const there = sideOf(security, pair, 'source-address');
	const here = sideOf(security, pair, 'destination-address');
	const unread = [there, here, source, destination].some((side) => side.faults.length > 0);
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

/** Policies are searched from the top: an earlier one that takes the pair in hides the tunnel. */
export const shadowing = (security: JunosNode, policy: Policy, all: readonly Policy[], { local, remote }: Pair): Finding[] => {
	const own = {
		source: sideOf(security, policy, 'source-address'),
		destination: sideOf(security, policy, 'destination-address'),
	};
	if (!own.source.cidrs.includes(local) || !own.destination.cidrs.includes(remote)) return [];
	const context = all.filter(({ from, to }) => from === policy.from && to === policy.to);
	const earlier = context
		.slice(0, context.indexOf(policy))
		.find(
			(one) =>
				at(one.node, 'then', 'permit', 'tunnel') === undefined &&
				meets(sideOf(security, one, 'source-address').cidrs, local) &&
				meets(sideOf(security, one, 'destination-address').cidrs, remote),
		);
	if (earlier === undefined) return [];
	return [
		finding('policy-order', policy.node.line, {
			message: `policy ${earlier.name} stands before ${policy.name} and takes packets from ${local} to ${remote}`,
			expected: `policy ${policy.name} before policy ${earlier.name}`,
			commands: [`insert ${pathOf(policy)} before policy ${earlier.name}`],
		}),
	];
};
