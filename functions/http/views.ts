import * as z from 'zod';
import { Account } from '../domain/model/account.ts';
import { AlertSubscription, SubscriptionStatus } from '../domain/model/alert-subscription.ts';
import { CustomerGateway } from '../domain/model/customer-gateway.ts';
import { Event } from '../domain/model/event.ts';
import { Vpc } from '../domain/model/vpc.ts';
import { VpnConnection } from '../domain/model/vpn-connection.ts';
import { VpnGateway } from '../domain/model/vpn-gateway.ts';
import { healthOf, monitoringOf, tunnelsOf } from '../domain/monitoring/health.ts';
import { Device } from '../domain/peers/contract/peer-device.ts';
import { Finding } from '../domain/peers/contract/peer-reading.ts';

/** What is shown: the rows without what only the service needs. Parsing with a view drops the rest. */
export const AccountView = Account.omit({ rev: true });
export const VpcView = Vpc.omit({
	rev: true,
	slots: true,
	lease: true,
	retry: true,
	silenceNotified: true,
	retired: true,
}).extend({
	/** Former routers that are still to be cleaned. */
	retired: z.array(z.object({ instanceId: z.string() })).optional(),
});
export const VpnGatewayView = VpnGateway.omit({ rev: true });
export const CustomerGatewayView = CustomerGateway.omit({ rev: true }).extend({ warnings: z.array(z.string()).optional() });
export const ConnectionView = VpnConnection.omit({
	rev: true,
	degradedSince: true,
	downSince: true,
	lossTimes: true,
	counters: true,
}).extend({
	bytesIn: z.int(),
	bytesOut: z.int(),
	countersAt: z.string().optional(),
	health: z.enum(['up', 'degraded', 'down', 'unknown']),
	monitoring: z.object({ active: z.boolean(), reason: z.string().optional(), detail: z.string().optional() }),
	tunnels: z.array(z.object({ localCidr: z.string(), remoteCidr: z.string(), up: z.boolean() })),
	warnings: z.array(z.string()).optional(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;
export const AlertSubscriptionView = AlertSubscription.extend({ status: SubscriptionStatus });
const window = { from: z.string(), to: z.string(), bytesIn: z.int(), bytesOut: z.int() };
export const ConnectionUsageView = z.object({
	...window,
	items: z.array(z.object({ hour: z.string(), bytesIn: z.int(), bytesOut: z.int() })),
});
export const UsageView = z.object({
	...window,
	items: z.array(z.object({ accountId: z.string(), connectionId: z.string(), bytesIn: z.int(), bytesOut: z.int() })),
});
export const PeerCheckView = z.object({ device: Device, fits: z.boolean(), findings: z.array(Finding) });
export const PeerConfigView = z.object({ device: Device, config: z.string(), verify: z.string(), remove: z.string() });
export const EventView = Event.omit({ accountId: true, vpcId: true, expiresAt: true, alert: true, steps: true }).extend({
	alert: z.object({ alertId: z.string(), owedAt: z.string(), paidAt: z.string().optional() }).optional(),
});
export const ApplyView = Event.pick({
	connectionId: true,
	id: true,
	at: true,
	from: true,
	to: true,
	why: true,
	detail: true,
	steps: true,
});

type Around = { vpc: Vpc | undefined; customerGateway: CustomerGateway | undefined };

/** What a connection is told as: its row, and what is derived from the rows around it. */
export const connectionView = (connection: VpnConnection, { vpc, customerGateway }: Around): ConnectionView =>
	ConnectionView.parse({
		...connection,
		bytesIn: connection.counters?.bytesIn ?? 0,
		bytesOut: connection.counters?.bytesOut ?? 0,
		countersAt: connection.counters?.at,
		health: vpc === undefined ? 'unknown' : healthOf(connection, vpc),
		monitoring: vpc === undefined ? { active: false } : monitoringOf(vpc),
		tunnels: vpc === undefined || customerGateway === undefined ? [] : tunnelsOf(connection, customerGateway, vpc),
	});
