import * as z from 'zod';
import { Ipv4, Ipv4Cidr } from './cidr.ts';
import { entityFields, Instant } from './entity.ts';
import { beyondGenerations } from './generation.ts';
import {
	AccountId,
	ConnectionId,
	CustomerGatewayId,
	KnownRouterId,
	NetworkId,
	RouterInstanceId,
	VpcId,
	VpnGatewayId,
} from './ids.ts';
import { RouteTableId, VpcRoutes } from './route-table.ts';
import { Silence } from './router-answer.ts';
import { Name } from './text.ts';

export const PublicIp = z.strictObject({
	ip: Ipv4,
	/** The router's own address behind this one, if there is a 1:1 NAT in between, as on EC2. */
	privateIp: Ipv4.optional(),
	sourceNat: z.boolean(),
});
export type PublicIp = z.infer<typeof PublicIp>;

export const NetworkState = z.enum(['Allocated', 'Implemented', 'Shutdown']);
export const VpcNetwork = z.strictObject({ id: NetworkId, cidr: Ipv4Cidr, state: NetworkState });
export type VpcNetwork = z.infer<typeof VpcNetwork>;

/** What the router last reported about itself. */
export const RouterFacts = z.object({
	flavor: z.enum(['openswan', 'libreswan']),
	version: z.string(),
	capabilities: z.array(z.string()),
	boot: z.int(),
	reportedAt: Instant,
});
export type RouterFacts = z.infer<typeof RouterFacts>;

/** A connection's place on the router: what the other connections of the gateway are checked against. */
export const Slot = z.object({
	customerGatewayId: CustomerGatewayId,
	peer: z.string(),
	/** Where the peer presents another identity than its address. */
	remoteId: z.string().optional(),
	remoteCidrs: z.array(Ipv4Cidr),
});
export type Slot = z.infer<typeof Slot>;

type InSlot = { id: string; gateway: string; remoteId?: string; remoteCidrs: string[] };

/** That of a connection to a customer gateway. */
export const slotOf = ({ id, gateway, remoteId, remoteCidrs }: InSlot): Slot => ({
	customerGatewayId: id,
	peer: gateway,
	...(remoteId === undefined ? {} : { remoteId }),
	remoteCidrs,
});

/** `moves`: how many passes have gone on at once since the last that ended the work. */
const Retry = z.object({ at: Instant, attempts: z.int(), since: Instant, moves: z.int().optional() });

/** The aggregate of one router: every transaction that touches what the router must hold updates this row and raises `generation`. */
export const Vpc = z.object({
	id: VpcId,
	...entityFields,
	name: z.string(),
	cidr: Ipv4Cidr,
	routerInstanceId: KnownRouterId,
	publicIps: z.array(PublicIp),
	networks: z.array(VpcNetwork),
	remoteAccessVpn: z.boolean(),
	routeTableIds: z.array(z.string()),
	/** The routes that we have made and have not yet taken away. */
	routes: VpcRoutes.optional(),
	/** Those that are being made: written before EC2 is asked, so that none is left of which nobody knows. */
	routesBegun: VpcRoutes.optional(),
	/** The network interfaces to which they may lead: the router's, and a former router's until all have been moved. */
	routeTargets: z.array(z.string()).optional(),
	/** When to look at the routes again, since some are not as they should be or may not be. */
	routeRetry: Retry.optional(),
	router: RouterFacts.optional(),
	vpnGatewayId: VpnGatewayId.optional(),
	slots: z.record(ConnectionId, Slot),
	/** Rises whenever the router has to hold something else than before. */
	generation: z.int().min(0),
	/** The generation that the router took last. */
	appliedGeneration: z.int().min(0),
	/** An admin has had the next apply override whatever the router has stored; until the router took it. */
	forced: z.boolean().optional(),
	/** Who may push to the router now, and until when. */
	lease: z.object({ owner: z.string(), until: Instant }).optional(),
	/** Routers that served the VPC before: what they hold of ours is removed, however long they are unreachable. */
	retired: z.array(z.object({ instanceId: KnownRouterId, retry: Retry })).optional(),
	/** When the router was first found silent; cleared by its first answer. */
	silentSince: Instant.optional(),
	/** Why it is silent; present as long as `silentSince` is. */
	silence: Silence.optional(),
	/** Whether the account has been notified that the router is silent. */
	silenceNotified: z.boolean().optional(),
	/** When to push again, with the number of failed attempts so far and the time of the first. */
	retry: Retry.optional(),
});
export type Vpc = z.infer<typeof Vpc>;

/** What the tick needs to know about a VPC that is due for a check. */
export type DueVpc = Pick<Vpc, 'id' | 'routerInstanceId' | 'silentSince' | 'silence'>;

/** There are routes of ours, or there are to be some. */
export const hasRoutes = ({
	routeTableIds,
	routes,
	routesBegun,
}: Pick<Vpc, 'routeTableIds' | 'routes' | 'routesBegun'>): boolean =>
	routeTableIds.length > 0 || routes !== undefined || routesBegun !== undefined;

/** Its routes have to be looked at, at once. */
export const routesChanged = (vpc: Vpc, now: Date): Vpc => ({
	...vpc,
	routeRetry: hasRoutes(vpc) ? { at: now.toISOString(), attempts: 0, since: now.toISOString() } : undefined,
});

/** The router's aggregate after a change that has to reach the router. It is tried at once, whatever failed before. */
export const bumpGeneration = (vpc: Vpc, now: Date): Vpc => ({
	...routesChanged(vpc, now),
	generation: vpc.generation + 1,
	retry: undefined,
	updatedAt: now.toISOString(),
});

/** The same by an admin's force, which the router takes whatever it has stored: so generations that have run out begin again. */
export const forceGeneration = (vpc: Vpc, now: Date): Vpc => {
	const next = { ...bumpGeneration(vpc, now), forced: true };
	return next.generation < beyondGenerations ? next : { ...next, generation: 1, appliedGeneration: 0 };
};

const publicIps = z
	.array(PublicIp)
	.min(1)
	.max(50)
	.refine((ips) => new Set(ips.map((p) => p.ip)).size === ips.length, 'lists the same address twice')
	.refine((ips) => ips.filter((p) => p.sourceNat).length === 1, 'must have exactly one address with sourceNat true');

export const CreateVpc = z.strictObject({
	id: VpcId,
	accountId: AccountId,
	name: Name.optional(),
	cidr: Ipv4Cidr,
	routerInstanceId: RouterInstanceId,
	publicIps,
	remoteAccessVpn: z.boolean().optional(),
	routeTableIds: z
		.array(RouteTableId)
		.max(10)
		.refine((ids) => new Set(ids).size === ids.length, 'lists the same route table twice')
		.optional(),
});
export type CreateVpc = z.infer<typeof CreateVpc>;

export const PatchVpc = CreateVpc.omit({ id: true, accountId: true }).partial();
export type PatchVpc = z.infer<typeof PatchVpc>;

export const PutNetwork = VpcNetwork.omit({ id: true });
export type PutNetwork = z.infer<typeof PutNetwork>;
