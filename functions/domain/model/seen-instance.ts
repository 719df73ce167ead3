import type { TableRoute } from './route-table.ts';

/** A rule of a security group. `protocol`: `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
export type GroupRule = {
	protocol: string;
	/** Absent where every port is meant. */
	ports?: { from: number; to: number };
	cidrs: readonly string[];
	/** Sources that are no blocks: groups (`sg-…`) and prefix lists (`pl-…`). */
	others: readonly string[];
};
/** A rule of a network ACL; that of the lowest number which fits a packet decides. */
export type AclRule = {
	number: number;
	egress: boolean;
	allow: boolean;
	/** A number, or `-1` for all. */
	protocol: string;
	ports?: { from: number; to: number };
	cidr: string;
};

export type SeenTable = { id: string; tags: Readonly<Record<string, string>>; routes: readonly TableRoute[] };

/** What EC2 shows of an instance and of what lies around its first interface. */
export type SeenInstance = {
	state: string;
	vpcId: string | undefined;
	tags: Readonly<Record<string, string>>;
	/** Absent of one that is terminated. */
	interface?: {
		id: string;
		sourceDestCheck: boolean;
		addresses: readonly { privateIp: string; publicIp?: string }[];
		groups: readonly { id: string; inbound: readonly GroupRule[]; outbound: readonly GroupRule[] }[];
		/** The table of its subnet, its own or the VPC's main one. */
		subnetTable?: SeenTable;
		acl?: { id: string; rules: readonly AclRule[] };
	};
};

/** `tables`: those of the asked ones that exist. */
export type SeenSurroundings = { instance: SeenInstance | undefined; tables: readonly SeenTable[] };
