import * as z from 'zod';
import type { Encryption, Hash } from '../../model/crypto-suite.ts';

export const FindingCode = z.enum([
	'no-tunnel',
	'peer-address',
	'undefined-name',
	'wrong-zone',
	'key-missing',
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
]);
export type FindingCode = z.infer<typeof FindingCode>;

/** What does not fit in a device's configuration, in the words of the device. */
export const Finding = z.object({
	what: FindingCode,
	/** Of the text as it was sent, from 1; of a thing that is missing, the line that wants it. */
	line: z.int().min(1),
	message: z.string(),
	expected: z.string(),
	/** What puts it right, line by line. */
	commands: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;

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
};

export type Pair = { local: string; remote: string };
export type DevicePair = {
	local: Value<string>;
	remote: Value<string>;
	/** Commands that make it another pair, and that take it away. */
	replace(wanted: Pair): string[];
	remove: string[];
};

/** One tunnel of a device, with what it refers to followed. */
export type DeviceTunnel = {
	name: string;
	line: number;
	peerAddress: Setting<string>;
	/** The pre-shared key where the text has it in clear. No finding ever shows it. */
	key: string | undefined;
	/** What it offers, each a way for both sides to agree. */
	phase1: DeviceProposal[];
	phase2: DeviceProposal[];
	/** Null: no perfect forward secrecy. */
	pfsGroup: Setting<number | null>;
	pairs: DevicePair[];
	/** Pairs that are there and cannot be made out, by a fault that is told. */
	unreadPairs: number;
	addPair(pair: Pair): string[];
	/** What contradicts itself or cannot work, whatever the other side has. */
	faults: Finding[];
	/** What stands in the way of these pairs: order of rules, translation, filters. */
	inTheWay(pairs: readonly Pair[]): Finding[];
};

export type Line = { line: number; text: string };
export type DeviceReading = {
	tunnels: DeviceTunnel[];
	/** Faults of no one tunnel. */
	faults: Finding[];
	/** Lines that are none of the dialect's words. */
	unknown: Line[];
	/** Names that nothing refers to. */
	unused: Line[];
	/** All that was understood, in one order, for comparing two texts. */
	meaning: unknown;
};
