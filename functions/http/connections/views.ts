import * as z from 'zod';
import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import { Instant } from '../../domain/model/entity.ts';
import { isMuted } from '../../domain/model/is-muted.ts';
import { shownReason } from '../../domain/model/state-reason.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import { Observed, StateReason, VpnConnection } from '../../domain/model/vpn-connection.ts';
import { healthOf, monitoringOf, tunnelsOf } from '../../domain/monitoring/health.ts';
import { entityFields } from '../chain/entity-fields.ts';

export const ConnectionView = VpnConnection.pick({
	...entityFields,
	vpnGatewayId: true,
	customerGatewayId: true,
	vpcId: true,
	passive: true,
	state: true,
	stateChangedAt: true,
	desiredRevision: true,
	appliedRevision: true,
	notified: true,
	mutedUntil: true,
	flappingSince: true,
}).extend({
	stateReason: StateReason.pick({ code: true, kind: true, detail: true }).optional(),
	pskInUse: z.object({ version: z.int(), since: Instant }).optional(),
	observed: Observed.pick({ up: true, reason: true, candidates: true, observedAt: true }).optional(),
	probe: z.object({ host: z.string() }).optional(),
	bytesIn: z.int(),
	bytesOut: z.int(),
	/** What the pings of its probe met as of `countersAt`; without a round trip where none was answered. */
	rttSeconds: z.number().optional(),
	lossPercent: z.int().optional(),
	countersAt: z.string().optional(),
	health: z.enum(['up', 'degraded', 'down', 'unknown']),
	monitoring: z.object({ active: z.boolean(), reason: z.string().optional(), detail: z.string().optional() }),
	tunnels: z.array(z.object({ localCidr: z.string(), remoteCidr: z.string(), up: z.boolean() })),
	warnings: z.array(z.string()).optional(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

type Around = { vpc: Vpc | undefined; customerGateway: CustomerGateway | undefined; now: Date };

/** A connection as the API shows it: its row, and what is derived from the rows around it. */
export const connectionView = (connection: VpnConnection, { vpc, customerGateway, now }: Around): ConnectionView =>
	ConnectionView.parse({
		...connection,
		mutedUntil: isMuted(connection, now) ? connection.mutedUntil : undefined,
		stateReason: shownReason(connection),
		bytesIn: connection.counters?.bytesIn ?? 0,
		bytesOut: connection.counters?.bytesOut ?? 0,
		rttSeconds: connection.counters?.reading?.rttMs === undefined ? undefined : connection.counters.reading.rttMs / 1_000,
		lossPercent: connection.counters?.reading?.lossPercent,
		countersAt: connection.counters?.at,
		health: vpc === undefined ? 'unknown' : healthOf(connection, vpc),
		monitoring: vpc === undefined ? { active: false } : monitoringOf(vpc),
		tunnels: vpc === undefined || customerGateway === undefined ? [] : tunnelsOf(connection, customerGateway, vpc),
	});
