import { cidrsOverlap } from '../model/cidr.ts';
import type { Device } from './contract/peer-device.ts';
import type {
	DevicePair,
	DeviceProposal,
	DeviceReading,
	DeviceTunnel,
	Finding,
	FindingCode,
	Pair,
	Setting,
} from './contract/peer-reading.ts';
import type { PeerView } from './contract/peer-view.ts';
import { readIos } from './ios/read-ios.ts';
import { readJunos } from './junos/read-junos.ts';

/** Devices whose configuration we can read. */
export const readers: Partial<Record<Device, (text: string) => DeviceReading>> = {
	'junos-9.5': readJunos,
	'junos-11.2': readJunos,
	'ios-12.4': readIos,
};

/** What of a device's configuration does not fit the connection, by line; lines of other things are passed over. */
export const peerCheck = (reading: DeviceReading, view: PeerView): Finding[] => {
	const tunnel = tunnelFor(reading, view);
	const found = tunnel === undefined ? [noTunnel(view)] : tunnelFindings(tunnel, view);
	return merged([...reading.faults, ...found]).sort((a, b) => a.line - b.line);
};

/** One fault of many consequences is told once, with the commands for all of them. */
const merged = (findings: readonly Finding[]): Finding[] => {
	const byKey = new Map<string, Finding>();
	for (const finding of findings) {
		const key = `${finding.what} ${finding.line} ${finding.expected}`;
		const known = byKey.get(key);
		byKey.set(
			key,
			known === undefined ? finding : { ...known, commands: [...new Set([...known.commands, ...finding.commands])] },
		);
	}
	return [...byKey.values()];
};

const noTunnel = ({ remoteAddress }: PeerView): Finding => ({
	what: 'no-tunnel',
	line: 1,
	message: `nothing here is a tunnel to ${remoteAddress}`,
	expected: `a tunnel to ${remoteAddress}: GET …/peer-config has all of it`,
	commands: [],
});

/** The tunnel to our address, else the one to our subnet, else the only one. */
const tunnelFor = ({ tunnels }: DeviceReading, { remoteAddress, remoteSubnet }: PeerView): DeviceTunnel | undefined =>
	tunnels.find(({ peerAddress }) => peerAddress.value === remoteAddress) ??
	tunnels.find(({ pairs }) =>
		pairs.some(({ remote }) => remote.value !== undefined && cidrsOverlap(remote.value, remoteSubnet)),
	) ??
	(tunnels.length === 1 ? tunnels[0] : undefined);

const tunnelFindings = (tunnel: DeviceTunnel, view: PeerView): Finding[] => {
	const { peerAddress, pfsGroup, phase1, phase2, faults } = tunnel;
	const { remoteAddress, remoteSubnet, localSubnets, esp } = view;
	const wanted = localSubnets.map((local): Pair => ({ local, remote: remoteSubnet }));
	const pfs = esp.pfsGroup === null ? 'no perfect forward secrecy' : `perfect forward secrecy of group ${esp.pfsGroup}`;
	// A device may have a second address to fall back on.
	const address = {
		...peerAddress,
		value: peerAddress.found.split(', ').includes(remoteAddress) ? remoteAddress : peerAddress.value,
	};
	return [
		...faults,
		...differing('peer-address', address, { wanted: remoteAddress, what: 'the peer is' }),
		...closest(phase1, (offer) => phase1Findings(offer, view)),
		...closest(phase2, (offer) => phase2Findings(offer, view)),
		...differing('pfs', pfsGroup, { wanted: esp.pfsGroup, what: 'it has', shown: pfs }),
		...pairFindings(tunnel, wanted),
		...tunnel.inTheWay(wanted),
	];
};

type Difference<T> = { wanted: T; what: string; shown?: string };

const differing = <T>(
	code: FindingCode,
	setting: Setting<T>,
	{ wanted, what, shown = String(wanted) }: Difference<T>,
): Finding[] =>
	setting.value === wanted
		? []
		: [{ what: code, line: setting.line, message: `${what} ${setting.found}`, expected: shown, commands: setting.set(wanted) }];

/** Either side may take any of what it is offered: only the nearest offer matters. */
const closest = (offers: readonly DeviceProposal[], compare: (offer: DeviceProposal) => Finding[]): Finding[] =>
	offers
		.map(compare)
		.reduce<Finding[] | undefined>((best, one) => (best === undefined || one.length < best.length ? one : best), undefined) ?? [];

const phase1Findings = ({ encryption, hash, dhGroup, lifetimeSeconds }: DeviceProposal, { ike }: PeerView): Finding[] => [
	...differing('phase1-encryption', encryption, { wanted: ike.encryption, what: 'phase 1 encrypts by' }),
	...differing('phase1-hash', hash, { wanted: ike.hash, what: 'phase 1 authenticates by' }),
	...(dhGroup === undefined
		? []
		: differing('phase1-group', dhGroup, { wanted: ike.dhGroup, what: 'phase 1 has', shown: `group ${ike.dhGroup}` })),
	...lifetimeFindings('phase1', lifetimeSeconds, ike.lifetimeSeconds),
];

const phase2Findings = ({ encryption, hash, lifetimeSeconds }: DeviceProposal, { esp }: PeerView): Finding[] => [
	...differing('phase2-encryption', encryption, { wanted: esp.encryption, what: 'phase 2 encrypts by' }),
	...differing('phase2-hash', hash, { wanted: esp.hash, what: 'phase 2 authenticates by' }),
	...lifetimeFindings('phase2', lifetimeSeconds, esp.lifetimeSeconds),
];

const lifetimeFindings = (phase: 'phase1' | 'phase2', found: Setting<number>, wanted: number): Finding[] =>
	differing(`${phase}-lifetime`, found, { wanted, what: `${phase.replace('phase', 'phase ')} lives`, shown: `${wanted} s` });

const isPair = ({ local, remote }: DevicePair, wanted: Pair): boolean =>
	local.value === wanted.local && remote.value === wanted.remote;
/** One that shares addresses with it, also where its sides are the wrong way round. */
const touches = ({ local, remote }: DevicePair, wanted: Pair): boolean =>
	local.value !== undefined &&
	remote.value !== undefined &&
	(cidrsOverlap(local.value, wanted.local) ||
		cidrsOverlap(remote.value, wanted.remote) ||
		cidrsOverlap(remote.value, wanted.local));

/** Each of our pairs once, and none besides: one that is near a pair we miss is that pair, written otherwise than ours. */
const pairFindings = (tunnel: DeviceTunnel, wanted: readonly Pair[]): Finding[] => {
	const spare = tunnel.pairs.filter((pair) => !wanted.some((one) => isPair(pair, one)));
	const findings: Finding[] = [];
	let unread = tunnel.unreadPairs;
	for (const pair of wanted.filter((one) => !tunnel.pairs.some((other) => isPair(other, one)))) {
		const near = spare.findIndex((one) => touches(one, pair));
		const [other] = near < 0 ? [] : spare.splice(near, 1);
		if (other !== undefined) findings.push(notMirrored(other, pair));
		else if (unread > 0) unread--;
		else
			findings.push({
				what: 'subnet-missing',
				line: tunnel.pairs[0]?.local.line ?? tunnel.line,
				message: `nothing is tunnelled from ${pair.local} to ${pair.remote}`,
				expected: `${pair.local} to ${pair.remote}`,
				commands: tunnel.addPair(pair),
			});
	}
	for (const { local, remote, remove } of spare) {
		findings.push({
			what: 'subnet-extra',
			line: local.line,
			message: `${local.found} to ${remote.found} is no subnet pair of the connection`,
			expected: 'only the pairs of the connection',
			commands: remove,
		});
	}
	return findings;
};

const notMirrored = ({ local, remote, replace }: DevicePair, wanted: Pair): Finding => {
	const [only] =
		local.value === wanted.local
			? [{ side: remote, to: wanted.remote }]
			: remote.value === wanted.remote
				? [{ side: local, to: wanted.local }]
				: [];
	return {
		what: 'subnets-not-mirrored',
		line: only?.side.line ?? local.line,
		message: only === undefined ? `the subnets are ${local.found} and ${remote.found}` : `the subnet is ${only.side.found}`,
		expected: only?.to ?? `${wanted.local} and ${wanted.remote}`,
		commands: replace(wanted),
	};
};
