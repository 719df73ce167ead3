import { cidrsOverlap } from '../model/cidr.ts';
import { finding } from './contract/peer-finding.ts';
import type { DevicePair, DeviceTunnel, Finding, Pair } from './contract/peer-reading.ts';

const isPair = ({ local, remote }: DevicePair, wanted: Pair): boolean =>
	local.value === wanted.local && remote.value === wanted.remote;

/** One that shares addresses with it, also where its sides are the wrong way round. */
const touches = ({ local, remote }: DevicePair, wanted: Pair): boolean =>
	local.value !== undefined &&
	remote.value !== undefined &&
	(cidrsOverlap(local.value, wanted.local) ||
		cidrsOverlap(remote.value, wanted.remote) ||
		cidrsOverlap(remote.value, wanted.local));

/**
 * Each of our pairs once, in whichever of the tunnels, and none besides: one that is near a pair we miss is that pair, written
 * otherwise than ours.
 */
export const pairFindings = (tunnels: readonly DeviceTunnel[], wanted: readonly Pair[]): Finding[] => {
	const [first] = tunnels;
	if (first === undefined) return [];
	const pairs = tunnels.flatMap((tunnel) => tunnel.pairs);
	const spare = pairs.filter((pair) => !wanted.some((one) => isPair(pair, one)));
	const findings: Finding[] = [];
	let unread = tunnels.reduce((sum, tunnel) => sum + tunnel.unreadPairs, 0);
	for (const pair of wanted.filter((one) => !pairs.some((other) => isPair(other, one)))) {
		const near = spare.findIndex((one) => touches(one, pair));
		const [other] = near < 0 ? [] : spare.splice(near, 1);
		if (other !== undefined) findings.push(notMirrored(other, pair));
		else if (unread > 0) unread--;
		else
			findings.push(
				finding('subnet-missing', pairs[0]?.local.line ?? first.line, {
					message: `nothing is tunnelled from ${pair.local} to ${pair.remote}`,
					expected: `${pair.local} to ${pair.remote}`,
					commands: first.addPair(pair),
				}),
			);
	}
	return [...findings, ...spare.map(extra)];
};

const extra = ({ local, remote, remove }: DevicePair): Finding =>
	finding('subnet-extra', local.line, {
		message: `${local.found} to ${remote.found} is no subnet pair of the connection`,
		expected: 'only the pairs of the connection',
		commands: remove,
	});

const notMirrored = ({ local, remote, replace }: DevicePair, wanted: Pair): Finding => {
	const [only] =
		local.value === wanted.local
			? [{ side: remote, to: wanted.remote }]
			: remote.value === wanted.remote
				? [{ side: local, to: wanted.local }]
				: [];
	return finding('subnets-not-mirrored', only?.side.line ?? local.line, {
		message: only === undefined ? `the subnets are ${local.found} and ${remote.found}` : `the subnet is ${only.side.found}`,
		expected: only?.to ?? `${wanted.local} and ${wanted.remote}`,
		commands: replace(wanted),
	});
};
