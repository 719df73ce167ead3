import { cidrRange } from '../../model/cidr.ts';
import { type DeviceConfig, type JunosNames, type NamedDevice, type Unable, unableBy } from '../contract/peer-device.ts';
import { keyRemark, keyText, type PeerView } from '../contract/peer-view.ts';
import { mainModeLimits, suiteLimits } from '../contract/suite-limits.ts';
import { identityWords } from './junos-identity.ts';
import { junos121, junosEncryption, junosEspHash, junosIkeHash } from './junos-terms.ts';

/** JunOS: an interval of 10 to 60 s, and 1 to 5 of them without an answer. */
const deadPeer = ({ dpd }: PeerView): { interval: number; threshold: number } => {
	const interval = Math.min(60, Math.max(10, dpd.delaySeconds));
	return { interval, threshold: Math.min(5, Math.max(1, Math.round(dpd.timeoutSeconds / interval))) };
};

/** JunOS takes no more addresses in a rule. */
const mostAddresses = 8;
/** What a device as it is delivered has from the inside to the outside: ours come before it. */
const firstPolicy = {
	'junos-9.5': { out: 'default-permit', in: 'default-deny' },
	'junos-11.2': { out: 'trust-to-untrust', in: undefined },
} as const;

const quoted = (key: string): string => `"${key.replace(/[\\"]/g, '\\$&')}"`;
const rangeName = (cidr: string): string => `${cidrRange(cidr).first.toString(16)}-${cidr.split('/')[1]}`;

/**
 * Policy-based, as set commands. Address books belong to zones up to JunOS 11.1, and are one for all from 11.2 on. One policy
 * pair a subnet pair, since a policy's addresses are its proxy identity.
 */
export const junosConfig = (view: PeerView, { device, ...names }: Extract<NamedDevice, JunosNames>): DeviceConfig | Unable => {
	const unable = unableBy([...mainModeLimits(view, 'its policy-based tunnels are IKEv1 only'), ...suiteLimits(view, junos121)]);
	if (unable !== undefined) return unable;
	const { ike, esp, dpd, localAddress, localId, localSubnets, remoteAddress, remoteSubnet, mss } = view;
	const { prefix, insideZone: inside, outsideZone: outside, outsideInterface } = names;
	const { interval, threshold } = deadPeer(view);
	const book = (zone: string) =>
		device === 'junos-9.5' ? `set security zones security-zone ${zone} address-book` : 'set security address-book global';
	const localName = (cidr: string) => `${prefix}-in-${rangeName(cidr)}`;
	const remoteName = `${prefix}-out-${rangeName(remoteSubnet)}`;
	const policies = localSubnets.flatMap((_, index) => [
		{
			from: inside,
			to: outside,
			name: `${prefix}-out-${index + 1}`,
			pair: `${prefix}-in-${index + 1}`,
			source: localName(localSubnets[index] ?? ''),
			destination: remoteName,
		},
		{
			from: outside,
			to: inside,
			name: `${prefix}-in-${index + 1}`,
			pair: `${prefix}-out-${index + 1}`,
			source: remoteName,
			destination: localName(localSubnets[index] ?? ''),
		},
	]);
	const exempt = Array.from({ length: Math.ceil(localSubnets.length / mostAddresses) }, (_, n) => ({
		rule: `security nat source rule-set ${names.natRuleSet} rule ${prefix}-no-nat-${n + 1}`,
		cidrs: localSubnets.slice(n * mostAddresses, (n + 1) * mostAddresses),
	}));
	const outboundPolicy = names.outboundPolicy ?? firstPolicy[device].out;
	const inboundPolicy = names.inboundPolicy ?? firstPolicy[device].in;
	const config = [
		`set security ike proposal ${prefix} authentication-method pre-shared-keys`,
		`set security ike proposal ${prefix} dh-group group${ike.dhGroup}`,
		`set security ike proposal ${prefix} authentication-algorithm ${junosIkeHash[ike.hash]}`,
		`set security ike proposal ${prefix} encryption-algorithm ${junosEncryption[ike.encryption]}`,
		`set security ike proposal ${prefix} lifetime-seconds ${ike.lifetimeSeconds}`,
		`set security ike policy ${prefix} mode main`,
		`set security ike policy ${prefix} proposals ${prefix}`,
		`set security ike policy ${prefix} pre-shared-key ascii-text ${quoted(keyText(view))}`,
		`set security ike gateway ${prefix} ike-policy ${prefix}`,
		`set security ike gateway ${prefix} address ${remoteAddress}`,
		...(dpd.enabled
			? [
					`set security ike gateway ${prefix} dead-peer-detection interval ${interval}`,
					`set security ike gateway ${prefix} dead-peer-detection threshold ${threshold}`,
				]
			: []),
		`set security ike gateway ${prefix} external-interface ${outsideInterface}`,
		...(localId === localAddress ? [] : [`set security ike gateway ${prefix} local-identity ${identityWords(localId)}`]),
		`set security ipsec proposal ${prefix} protocol esp`,
		`set security ipsec proposal ${prefix} authentication-algorithm ${junosEspHash[esp.hash]}`,
		`set security ipsec proposal ${prefix} encryption-algorithm ${junosEncryption[esp.encryption]}`,
		`set security ipsec proposal ${prefix} lifetime-seconds ${esp.lifetimeSeconds}`,
		...(esp.pfsGroup === null ? [] : [`set security ipsec policy ${prefix} perfect-forward-secrecy keys group${esp.pfsGroup}`]),
		`set security ipsec policy ${prefix} proposals ${prefix}`,
		`set security ipsec vpn ${prefix} ike gateway ${prefix}`,
		`set security ipsec vpn ${prefix} ike ipsec-policy ${prefix}`,
		`set security ipsec vpn ${prefix} establish-tunnels immediately`,
		...localSubnets.map((cidr) => `${book(inside)} address ${localName(cidr)} ${cidr}`),
		`${book(outside)} address ${remoteName} ${remoteSubnet}`,
		// Of the zone: what is set at an interface would take the place of all that the zone allows there.
		`set security zones security-zone ${outside} host-inbound-traffic system-services ike`,
		...policies.flatMap(({ from, to, name, pair, source, destination }) => {
			const at = `set security policies from-zone ${from} to-zone ${to} policy ${name}`;
			return [
				`${at} match source-address ${source}`,
				`${at} match destination-address ${destination}`,
				`${at} match application any`,
				`${at} then permit tunnel ipsec-vpn ${prefix}`,
				`${at} then permit tunnel pair-policy ${pair}`,
			];
		}),
		// Policies and rules are searched from the top.
		...policies.flatMap(({ from, to, name }) => {
			const other = from === inside ? outboundPolicy : inboundPolicy;
			return other === undefined
				? []
				: [`insert security policies from-zone ${from} to-zone ${to} policy ${name} before policy ${other}`];
		}),
		`set security nat source rule-set ${names.natRuleSet} from zone ${inside}`,
		`set security nat source rule-set ${names.natRuleSet} to zone ${outside}`,
		...exempt.flatMap(({ rule, cidrs }) => [
			...cidrs.map((cidr) => `set ${rule} match source-address ${cidr}`),
			`set ${rule} match destination-address ${remoteSubnet}`,
			`set ${rule} then source-nat off`,
			`insert ${rule} before rule ${names.natRule}`,
		]),
		`set security flow tcp-mss ipsec-vpn mss ${mss}`,
	];
	const remove = [
		...exempt.map(({ rule }) => `delete ${rule}`),
		...policies.map(({ from, to, name }) => `delete security policies from-zone ${from} to-zone ${to} policy ${name}`),
		...[...localSubnets.map((cidr) => [inside, localName(cidr)] as const), [outside, remoteName] as const].map(
			([zone, name]) => `${book(zone).replace(/^set/, 'delete')} address ${name}`,
		),
		...['ipsec vpn', 'ipsec policy', 'ipsec proposal', 'ike gateway', 'ike policy', 'ike proposal'].map(
			(what) => `delete security ${what} ${prefix}`,
		),
	];
	const verify = [
		'show security ike security-associations',
		'show security ipsec security-associations',
		'show security ipsec statistics',
		'show security policies',
		`show interfaces ${outsideInterface} | match "Allowed host-inbound traffic"`,
	];
	const first =
		"# Where the device has other policies or translation rules between these zones, name the first of each as outboundPolicy, inboundPolicy, natRuleSet and natRule. An 'insert' before one that is not there says so and does no harm.";
	return {
		config: `${[first, ...keyRemark(view, '# '), ...config].join('\n')}\n`,
		verify: `${verify.join('\n')}\n`,
		remove: `${remove.join('\n')}\n`,
	};
};
