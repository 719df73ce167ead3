import type { Line } from '../contract/peer-reading.ts';
import type { Acl } from './ios-acl.ts';

/** A command as it is written here, with the line it came from. */
export type Command = { line: number; words: string[] };
export type IosPolicy = { number: string; line: number; values: Map<string, Command> };
export type IosTransformSet = { name: string; line: number; transforms: string[]; mode?: Command };
export type IosPeer = { line: number; name: string; isDefault: boolean };
export type IosMapEntry = { name: string; sequence: string; line: number; peers: IosPeer[]; values: Map<string, Command> };
export type IosInterface = { name: string; line: number; values: Map<string, Command> };
export type IosKey = {
	line: number;
	key: string;
	/** By AES and a master key that the text does not have. */
	encrypted: boolean;
	/** Of a block with a mask, or of a host name. */
	of: { address: string; mask: string } | { host: string };
};
/** Translation of what comes from the inside, as one command has it. */
export type IosNat = {
	line: number;
	text: string;
	by: { list: string } | { routeMap: string } | { hosts: string; routeMap?: string };
	/** The interface whose address it gives. */
	gives?: string;
};
export type IosRouteMapEntry = {
	action: string;
	sequence: number;
	/** Undefined where it has no `match ip address`, and so takes every packet. */
	lists?: string[];
	/** Undefined where it has no `match interface`. */
	interfaces?: string[];
	line: number;
};
export type IosRouteMap = { name: string; entries: IosRouteMapEntry[] };

/** What an IOS configuration holds of tunnels, as far as its words are known. */
export type IosConfig = {
	policies: IosPolicy[];
	keys: IosKey[];
	transformSets: IosTransformSet[];
	maps: IosMapEntry[];
	interfaces: IosInterface[];
	lists: Acl[];
	nats: IosNat[];
	routeMaps: IosRouteMap[];
	/** Addresses by `ip host`. */
	hosts: Map<string, string[]>;
	/** Such as `crypto isakmp keepalive`, by its first words. */
	settings: Map<string, Command>;
	/** Maps taken away as a whole, with every entry. */
	droppedMaps: { name: string; line: number }[];
	/** What is there and is not read: its kind, and the first line of it. */
	notRead: Map<'keyring' | 'isakmp-profile' | 'dynamic-map' | 'ike-proposal', Line>;
	unknown: Line[];
};
