import { cidrsOverlap } from '../model/cidr.ts';
import { printed } from '../model/text.ts';
import type { Device, readDevices } from './contract/peer-device.ts';
import { finding } from './contract/peer-finding.ts';
import type {
	DeviceProposal,
	DeviceReading,
	DeviceTunnel,
	Finding,
	FindingCode,
	NotCompared,
	Pair,
	PeerCheck,
	Setting,
	Suite,
} from './contract/peer-reading.ts';
import type { PeerView } from './contract/peer-view.ts';
import { tooLarge } from './contract/size-limits.ts';
import { readIos } from './ios/read-ios.ts';
import { readJunos } from './junos/read-junos.ts';
import { keyCheck } from './key-check.ts';
import { otherDialect } from './other-dialect.ts';
import { pairFindings } from './pair-check.ts';

const read =
	(device: Device, reader: (text: string) => DeviceReading) =>
	(text: string): DeviceReading => ({
		...reader(text),
		otherDialect: otherDialect(device, text),
	});

/** Devices whose configuration we can read. */
export const readers: Partial<Record<Device, (text: string) => DeviceReading>> = {
	'junos-9.5': read('junos-9.5', readJunos({ isOld: true })),
	'junos-11.2': read('junos-11.2', readJunos({ isOld: false })),
	'ios-12.4': read('ios-12.4', readIos),
} satisfies Record<(typeof readDevices)[number], unknown>;

/** What of a device's configuration does not fit the connection, by line; lines of other things are passed over. */
export const peerCheck = (reading: DeviceReading, view: PeerView): PeerCheck => {
	const { findings, notCompared } = judged(reading, view);
	// They name what stands in the text: nothing of that may steer the terminal into which the commands are pasted.
	return {
		findings: findings.map((one) => ({
			...one,
			message: printed(one.message),
			expected: printed(one.expected),
			commands: one.commands.map(printed),
		})),
		notCompared: notCompared.map((one) => ({ ...one, message: printed(one.message) })),
	};
};

const judged = (reading: DeviceReading, view: PeerView): PeerCheck => {
	if (reading.faults.some(({ what }) => what === 'too-large')) return { findings: reading.faults, notCompared: [] };
	const tunnels = tunnelsFor(reading, view);
	const pairs = tunnels.reduce((sum, tunnel) => sum + tunnel.pairs.length, 0);
	const large = tooLarge([
		{ what: `tunnels to ${view.remoteAddress}`, count: tunnels.length, most: mostTunnels },
		{ what: `subnet pairs in the tunnels to ${view.remoteAddress}`, count: pairs, most: mostPairs },
	]);
	if (large.length > 0) return { findings: large, notCompared: [] };
	const keys = tunnels.map((tunnel) => keyCheck(tunnel, view));
	const [only] = tunnels;
	const found = only === undefined ? [noTunnel(reading, view)] : findingsOf([only, ...tunnels.slice(1)], view);
	return shortened({
		findings: merged([...reading.faults, ...found, ...keys.flatMap(({ findings }) => findings)]),
		notCompared: once([
			...tunnels.flatMap(({ notCompared }) => notCompared),
			...keys.flatMap(({ notCompared }) => notCompared),
			...reading.notCompared,
		]),
	});
};

/** More than the ten subnets of a connection want. */
const mostTunnels = 32;
/** Each is held against all others. */
const mostPairs = 1_024;
/** More than a person goes through. */
const mostFindings = 250;

const shortened = ({ findings, notCompared }: PeerCheck): PeerCheck => ({
	findings: findings.slice(0, mostFindings),
	notCompared: [
		...notCompared.slice(0, mostFindings),
		...findings.slice(mostFindings, mostFindings + 1).map(({ line }) => ({
			what: 'more-findings' as const,
			line,
			message: `there are ${findings.length} findings, of which the first ${mostFindings} are told`,
		})),
	],
});

/** One fault of many consequences is told once, where it is first met, with the commands for all of them. */
const merged = (findings: readonly Finding[]): Finding[] => {
	const byPlace = (one: Finding) => `${one.what} ${one.line} ${one.expected}`;
	const byCommands = (one: Finding) => (one.commands.length > 0 ? `${one.what} ${one.commands.join('\n')}` : byPlace(one));
	return [byPlace, byCommands].reduce(
		together,
		[...findings].sort((a, b) => a.line - b.line),
	);
};

const together = (findings: readonly Finding[], keyOf: (one: Finding) => string): Finding[] => {
	const byKey = new Map<string, Finding>();
	for (const one of findings) {
		const first = byKey.get(keyOf(one));
		byKey.set(keyOf(one), first === undefined ? one : { ...first, commands: inTurn(first.commands, one.commands) });
	}
	return [...byKey.values()];
};

/** What JunOS is told once it need not be told again; lines of IOS go by the mode that those before them have opened. */
const inTurn = (first: readonly string[], then: readonly string[]): string[] =>
	first.join('\n') === then.join('\n')
		? [...first]
		: [...first, ...then.filter((command) => !command.startsWith('set ') || !first.includes(command))];

const once = (notCompared: readonly NotCompared[]): NotCompared[] =>
	[...new Map(notCompared.map((one) => [`${one.line} ${one.message}`, one])).values()].sort((a, b) => a.line - b.line);

const noTunnel = ({ tunnels, otherDialect: other }: DeviceReading, { remoteAddress }: PeerView): Finding => {
	if (tunnels.length === 0 && other !== undefined) {
		const read = other.devices.filter((device) => readers[device] !== undefined);
		return finding('no-tunnel', 1, {
			message: `this is ${other.name}, and was not read as one`,
			expected:
				read.length > 0
					? `device ${read.join(' or ')} for this text`
					: `a configuration of ${Object.keys(readers).join(', ')}: no other is read here`,
			commands: [],
		});
	}
	const others = tunnels.flatMap(({ peers }) => peers).slice(0, 10);
	return finding('no-tunnel', 1, {
		message: `nothing here is a tunnel to ${remoteAddress}${others.length === 0 ? '' : `: the tunnels here go to ${others.join(', ')}`}`,
		expected: `a tunnel to ${remoteAddress}: GET …/peer-config has all of it`,
		commands: [],
	});
};

const isPairOf = ({ pairs }: DeviceTunnel, { localSubnets, remoteSubnet }: PeerView): boolean =>
	pairs.some(
		({ local, remote }) =>
			(remote.value === remoteSubnet &&
				localSubnets.some((subnet) => local.value !== undefined && cidrsOverlap(local.value, subnet))) ||
			(local.value !== undefined &&
				localSubnets.includes(local.value) &&
				remote.value !== undefined &&
				cidrsOverlap(remote.value, remoteSubnet)),
	);

/**
 * The tunnels to our address, those in use before those that are not; else one of our subnets to another address, which is a
 * slip; else the only one, where it says no address. A tunnel to somebody else is none of ours.
 */
const tunnelsFor = ({ tunnels }: DeviceReading, view: PeerView): DeviceTunnel[] => {
	const ours = tunnels.filter(({ peers }) => peers.includes(view.remoteAddress));
	const used = ours.filter(({ inUse }) => inUse);
	if (used.length > 0) return used;
	if (ours.length > 0) {
		const likely = ours.find((tunnel) => isPairOf(tunnel, view)) ?? ours[0];
		return ours.filter(({ group }) => group === likely?.group);
	}
	const near = tunnels.filter((tunnel) => isPairOf(tunnel, view));
	const slip = near.find(({ inUse }) => inUse) ?? near[0];
	if (slip !== undefined) return [slip];
	const [only] = tunnels;
	return tunnels.length === 1 && only !== undefined && only.peers.length === 0 ? [only] : [];
};

const findingsOf = (tunnels: readonly [DeviceTunnel, ...DeviceTunnel[]], view: PeerView): Finding[] => {
	const policyBased = tunnels.filter(({ routeBased }) => routeBased === undefined);
	const wanted = view.localSubnets.map((local): Pair => ({ local, remote: view.remoteSubnet }));
	return [...tunnels.flatMap((tunnel) => tunnelFindings(tunnel, view)), ...pairFindings(policyBased, wanted)];
};

const tunnelFindings = (tunnel: DeviceTunnel, view: PeerView): Finding[] => {
	const { peerAddress, peers, pfsGroup, phase1, phase2, faults, routeBased, ikeVersion } = tunnel;
	const { remoteAddress, esp } = view;
	const pfs = esp.pfsGroup === null ? 'no perfect forward secrecy' : `perfect forward secrecy of group ${esp.pfsGroup}`;
	const isNamed = peerAddress?.value === undefined && peerAddress?.found !== 'nothing';
	const otherVersion = versionFindings(ikeVersion, view);
	return [
		...faults,
		...(routeBased === undefined ? [] : [routeBased]),
		...(peerAddress === undefined || peers.includes(remoteAddress) || isNamed
			? []
			: differing('peer-address', peerAddress, { wanted: remoteAddress, what: 'the peer is' })),
		...otherVersion,
		// What the other version goes by is to be made anew.
		...(otherVersion.some(({ commands }) => commands.length === 0)
			? []
			: closest(phase1, (offer) => phase1Findings(offer, view))),
		...closest(phase2, (offer) => phase2Findings(offer, view)),
		...(pfsGroup === undefined ? [] : differing('pfs', pfsGroup, { wanted: esp.pfsGroup, what: 'it has', shown: pfs })),
		...tunnel.inTheWay(view),
	];
};

/** Where the device cannot change it, the customer gateway has to be of the version that the device has. */
const versionFindings = (found: DeviceTunnel['ikeVersion'], { ike }: PeerView): Finding[] => {
	if (found.value === undefined || found.value === ike.version) return [];
	const commands = found.set(ike.version);
	const wanted = ike.version === 'ikev2' ? 'IKEv2' : 'IKEv1';
	return [
		finding('ike-version', found.line, {
			message: `the device speaks ${found.found}, and the IKE version of the connection is ${wanted}`,
			expected:
				commands.length > 0
					? wanted
					: `ike.version ${found.value} of the customer gateway, or ${wanted} on a device that has it for such a tunnel`,
			commands,
		}),
	];
};

type Difference<T> = { wanted: T; what: string; shown?: string; commands?: string[] };

const differing = <T>(
	code: FindingCode,
	setting: Setting<T>,
	{ wanted, what, shown = String(wanted), commands = setting.set(wanted) }: Difference<T>,
): Finding[] =>
	setting.value === wanted
		? []
		: [finding(code, setting.line, { message: `${what} ${setting.found}`, expected: shown, commands })];

/** Either side may take any of what it is offered: only the nearest offer matters. */
const closest = (offers: readonly DeviceProposal[], compare: (offer: DeviceProposal) => Finding[]): Finding[] =>
	offers
		.map(compare)
		.reduce<Finding[] | undefined>((best, one) => (best === undefined || one.length < best.length ? one : best), undefined) ?? [];

/** An offer whose values hang together is replaced as a whole. */
const changing = ({ replace, lifetimeSeconds }: DeviceProposal, suite: Suite) => {
	if (replace === undefined) return { suite: {}, lifetime: {} };
	const commands = replace(suite);
	return { suite: { commands }, lifetime: lifetimeSeconds.set(suite.lifetimeSeconds).length > 0 ? {} : { commands } };
};

const phase1Findings = (offer: DeviceProposal, { ike }: PeerView): Finding[] => {
	const { encryption, hash, dhGroup, lifetimeSeconds } = offer;
	const { suite, lifetime } = changing(offer, ike);
	return [
		...differing('phase1-encryption', encryption, { wanted: ike.encryption, what: 'phase 1 encrypts by', ...suite }),
		...differing('phase1-hash', hash, { wanted: ike.hash, what: 'phase 1 authenticates by', ...suite }),
		...(dhGroup === undefined
			? []
			: differing('phase1-group', dhGroup, {
					wanted: ike.dhGroup,
					what: 'phase 1 has',
					shown: `group ${ike.dhGroup}`,
					...suite,
				})),
		...lifetimeFindings('phase1', lifetimeSeconds, { wanted: ike.lifetimeSeconds, ...lifetime }),
	];
};

const phase2Findings = (offer: DeviceProposal, { esp }: PeerView): Finding[] => {
	const { encryption, hash, lifetimeSeconds } = offer;
	const { suite, lifetime } = changing(offer, esp);
	return [
		...differing('phase2-encryption', encryption, { wanted: esp.encryption, what: 'phase 2 encrypts by', ...suite }),
		...differing('phase2-hash', hash, { wanted: esp.hash, what: 'phase 2 authenticates by', ...suite }),
		...lifetimeFindings('phase2', lifetimeSeconds, { wanted: esp.lifetimeSeconds, ...lifetime }),
	];
};

const lifetimeFindings = (
	phase: 'phase1' | 'phase2',
	found: Setting<number>,
	how: Pick<Difference<number>, 'wanted' | 'commands'>,
): Finding[] =>
	differing(`${phase}-lifetime`, found, { what: `${phase.replace('phase', 'phase ')} lives`, shown: `${how.wanted} s`, ...how });
