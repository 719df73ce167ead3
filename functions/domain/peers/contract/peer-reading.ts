import * as z from 'zod';
import type { Encryption, Hash, IkeVersion } from '../../model/crypto-suite.ts';
import type { Secret } from '../../model/secret.ts';
import type { Device } from './peer-device.ts';
import type { PeerView } from './peer-view.ts';

export const FindingCode = z.enum([
	'no-tunnel',
	'route-based',
	'peer-address',
	'ike-version',
	'identity',
	'undefined-name',
	'wrong-zone',
	'key-missing',
	'key-differs',
	'authentication',
	'aggressive-mode',
	'phase1-encryption',
	'phase1-hash',
	'phase1-group',
	'phase1-lifetime',
	'phase2-encryption',
	'phase2-hash',
	'phase2-lifetime',
	'phase2-protocol',
	'transport-mode',
	'pfs',
	'subnets-not-mirrored',
	'subnet-missing',
	'subnet-extra',
	'netmask-for-wildcard',
	'pair-policy',
	'application',
	'policy-order',
	'nat-exemption',
	'ike-not-allowed',
	'firewall',
	'interface',
	'map-not-applied',
	'map-dropped',
	'out-of-range',
	'too-large',
]);
export type FindingCode = z.infer<typeof FindingCode>;

/** What does not fit in a device's configuration, in the words of the device. */
export const Finding = z.object({
	what: FindingCode,
	/** Of the text as it was sent, from 1; of a thing that is missing, the line that wants it. */
	line: z.int().min(1),
	message: z.string(),
	expected: z.string(),
	/** What puts it right, line by line, each as it is to be typed; none where the text and the connection do not say all of it. */
	commands: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;

export const NotComparedCode = z.enum([
	'pre-shared-key',
	'peer-name',
	'identity',
	'interface',
	'ike-proposal',
	'isakmp-profile',
	'keyring',
	'dynamic-map',
	'access-list',
	'groups',
	'apply-path',
	'more-findings',
]);
export type NotComparedCode = z.infer<typeof NotComparedCode>;

/** What the check leaves open: whether it fits is not known. */
export const NotCompared = z.object({
	what: NotComparedCode,
	/** Of the text as it was sent, from 1. */
	line: z.int().min(1),
	message: z.string(),
});
export type NotCompared = z.infer<typeof NotCompared>;

export type PeerCheck = {
	findings: Finding[];
	/** What the answer says nothing of. */
	notCompared: NotCompared[];
};

/** A value as the device has it, in our terms where we have one for it. */
export type Value<T> = { value: T | undefined; found: string; line: number };
/** With the commands that make it another. */
export type Setting<T> = Value<T> & { set(wanted: T): string[] };

export type DeviceProposal = {
	encryption: Setting<Encryption>;
	hash: Setting<Hash>;
	/** Of phase 1 only. */
	dhGroup?: Setting<number>;
	lifetimeSeconds: Setting<number>;
	/** Where one value cannot be changed alone: what makes the whole offer another. */
	replace?(wanted: Suite): string[];
};
/** What an offer of either phase is to be; without a group where the phase has none. */
export type Suite = { encryption: Encryption; hash: Hash; dhGroup?: number; lifetimeSeconds: number };

export type Pair = { local: string; remote: string };
export type DevicePair = {
	local: Value<string>;
	remote: Value<string>;
	/** Commands that make it another pair, and that take it away. */
	replace(wanted: Pair): string[];
	remove: string[];
};

/** The pre-shared key of a tunnel, which no finding ever shows. */
export type DeviceKey = {
	/** Undefined where the text has it masked, or encrypted by what the text does not say. */
	key: Secret | undefined;
	line: number;
	/** What puts another in its place. */
	replace: string[];
};

/** One tunnel of a device, with what it refers to followed. */
export type DeviceTunnel = {
	name: string;
	line: number;
	/** What it is put to use with or not, all together: a crypto map of several entries. */
	group: string;
	/** Whether the device puts anything through it. */
	inUse: boolean;
	/** Undefined where nothing says it; its value where it is a name. */
	peerAddress: Setting<string> | undefined;
	/** All the addresses that it may have as its peer, the first being the one that is tried first. */
	peers: string[];
	/** The key for a peer of it. */
	keyFor(address: string): DeviceKey | undefined;
	/** Undefined where the text does not say it. */
	ikeVersion: Setting<IkeVersion>;
	/** What it offers, each a way for both sides to agree. */
	phase1: DeviceProposal[];
	phase2: DeviceProposal[];
	/** Null: no perfect forward secrecy. */
	pfsGroup: Setting<number | null> | undefined;
	/** That routes and not policies decide what goes through it, which is as far as it is judged. */
	routeBased: Finding | undefined;
	pairs: DevicePair[];
	/** Pairs that are there and cannot be made out, by a fault that is told. */
	unreadPairs: number;
	addPair(pair: Pair): string[];
	/** What contradicts itself or cannot work, whatever the other side has. */
	faults: Finding[];
	/** What stands in the way of the connection: identities, order of rules, translation, filters. */
	inTheWay(view: PeerView): Finding[];
	/** What of it is in the text and is not followed, or not in the text at all. */
	notCompared: NotCompared[];
};

/** A kind of configuration, and the devices that have it. */
export type Dialect = { name: string; devices: readonly Device[] };

export type Line = { line: number; text: string };
export type DeviceReading = {
	tunnels: DeviceTunnel[];
	/** Faults of no one tunnel. */
	faults: Finding[];
	/** What the whole text has that is not followed. */
	notCompared: NotCompared[];
	/** Lines that are none of the dialect's words. */
	unknown: Line[];
	/** What the text is, where it has nothing of the dialect by which it was read. */
	otherDialect?: Dialect | undefined;
	/** Names that nothing refers to. */
	unused: Line[];
	/** All that was understood, in one order, for comparing two texts. */
	meaning: unknown;
};
