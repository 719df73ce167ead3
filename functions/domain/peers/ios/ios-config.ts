import type { Line } from '../contract/peer-reading.ts';
import type { Acl } from './ios-acl.ts';

/** A command as it is written here, with the line it came from. */
export type Command = { line: number; words: string[] };
export type IosPolicy = { number: string; line: number; values: Map<string, Command> };
export type IosTransformSet = { name: string; line: number; transforms: string[]; mode?: Command };
export type IosMapEntry = { name: string; sequence: string; line: number; values: Map<string, Command> };
export type IosInterface = { name: string; line: number; values: Map<string, Command> };
export type IosKey = { line: number; address: string; mask: string; key: string };
export type IosNat = { line: number; list?: string; routeMap?: string; text: string };
export type IosRouteMap = { name: string; entries: { action: string; sequence: number; lists: string[]; line: number }[] };

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
	/** Such as `crypto isakmp keepalive`, by its first words. */
	settings: Map<string, Command>;
	/** Maps taken away as a whole, with every entry. */
	droppedMaps: { name: string; line: number }[];
	unknown: Line[];
};
