import * as z from 'zod';
import { ConnectionProbe } from './connection-probe.ts';
import { entityFields, Instant } from './entity.ts';
import { AccountId, ConnectionId, CustomerGatewayId, VpcId, VpnGatewayId } from './ids.ts';
import { Change, Outage } from './outage.ts';
import { ReasonCode } from './reasons.ts';
import { Counters } from './usage.ts';

export const ConnectionState = z.enum(['Pending', 'Connected', 'Disconnected', 'Error', 'Deleting']);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const StateReason = z.object({
	code: ReasonCode,
	kind: z.enum(['down', 'refused', 'transient']),
	detail: z.string(),
});
export type StateReason = z.infer<typeof StateReason>;

export const NotifiedHealth = z.enum(['none', 'up', 'degraded', 'down']);
export type NotifiedHealth = z.infer<typeof NotifiedHealth>;

/** The last report that differed: `up` has one entry per subnet pair, in the order of `remoteCidrs`. */
export const Observed = z.object({
	up: z.array(z.boolean()),
	reason: ReasonCode.optional(),
	candidates: z.array(ReasonCode),
	observedAt: Instant,
});
export type Observed = z.infer<typeof Observed>;

export const VpnConnection = z.object({
	id: ConnectionId,
	...entityFields,
	vpnGatewayId: VpnGatewayId,
	customerGatewayId: CustomerGatewayId,
	vpcId: VpcId,
	passive: z.boolean(),
	probe: ConnectionProbe.optional(),
	state: ConnectionState,
	stateReason: StateReason.optional(),
	stateChangedAt: Instant,
	/** Rises with create, change, a new PSK and reset; rendered into the router's file. */
	desiredRevision: z.int().min(1),
	appliedRevision: z.int().min(0),
	/** The version of the pre-shared key that the router uses, and since when; under IKEv1 main mode that is the moment of the cut. */
	pskInUse: z.object({ version: z.int(), since: Instant }).optional(),
	/** Its customer gateway has a key on trial, which checks have to watch too. */
	keyOnTrial: z.boolean().optional(),
	observed: Observed.optional(),
	/** Since the first check in a row that found no ping of the probe answered; a second one has confirmed it. */
	unanswered: z.object({ since: Instant, confirmed: z.boolean() }).optional(),
	/** Why not all of its routes lead to the router, in the VPC's route tables. It never changes the state. */
	routeTrouble: StateReason.optional(),
	/** `none` at creation; afterwards only a check or a reconcile changes it. */
	notified: NotifiedHealth,
	/** Since when it has been partly up: `degraded` is reported only after a whole interval. */
	degradedSince: Instant.optional(),
	/** When all pairs were up last: `to` once one was lost. */
	lastUp: z.object({ from: Instant, to: Instant.optional() }).optional(),
	/** The present outage, or the last one. */
	outage: Outage.optional(),
	/** What becomes an outage unless the tunnel comes up once the router has taken the change that took it down. */
	interruption: Outage.optional(),
	/** Resets change nothing. */
	lastChange: Change.optional(),
	/** What it has carried, as of the last write. */
	counters: Counters.optional(),
	mutedUntil: Instant.optional(),
	/** When it was lost recently, to detect flapping. */
	lossTimes: z.array(Instant).optional(),
	/** It goes up and down too often for an alert each time. */
	flappingSince: Instant.optional(),
});
export type VpnConnection = z.infer<typeof VpnConnection>;

export const CreateVpnConnection = z.strictObject({
	accountId: AccountId.optional(),
	vpnGatewayId: VpnGatewayId,
	customerGatewayId: CustomerGatewayId,
	passive: z.boolean().optional(),
	probe: ConnectionProbe.optional(),
});
export type CreateVpnConnection = z.infer<typeof CreateVpnConnection>;

/** Omitted fields stay; a probe of null is none. */
export const PatchVpnConnection = z.strictObject({ probe: ConnectionProbe.nullable().optional() });
export type PatchVpnConnection = z.infer<typeof PatchVpnConnection>;
