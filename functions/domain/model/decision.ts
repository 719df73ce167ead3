import type { CustomerGateway } from './customer-gateway.ts';
import type { Event } from './event.ts';
import type { Vpc } from './vpc.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** An event that the use case has yet to give a ULID and an expiry. */
export type EventDraft = Omit<Event, 'id' | 'expiresAt'>;

/** `next` is undefined if the connection is gone and its row is to be removed. */
export type ConnectionChange = { current: VpnConnection; next: VpnConnection | undefined };

export type CustomerGatewayChange = { current: CustomerGateway; next: CustomerGateway };

/**
 * What a check or a reconcile decided: the rows and events to write in one transaction, or nothing to write. It has at most one
 * event per connection, so that 40 changed connections fit DynamoDB's 100 items per transaction; a removed one costs three.
 */
export type Decision = {
	/** The VPC's row if it changes; its `rev` is still the one that was read. */
	vpc?: Vpc;
	connections: ConnectionChange[];
	customerGateways: CustomerGatewayChange[];
	/** Customer gateways of removed connections, free for another connection. */
	freed: string[];
	events: EventDraft[];
	/** Connections whose outcome does not fit the transaction, to be decided on the rows as they are after it. */
	rest: string[];
	/** The router has to be reconciled (again). */
	reconcile: boolean;
	/** An event owes an alert: hint the alert queue for the VPC's account. */
	alerts: boolean;
};

export const nothing: Decision = {
	connections: [],
	customerGateways: [],
	freed: [],
	events: [],
	rest: [],
	reconcile: false,
	alerts: false,
};

export const isNothing = (decision: Decision): boolean =>
	decision.vpc === undefined &&
	decision.connections.length === 0 &&
	decision.customerGateways.length === 0 &&
	decision.events.length === 0;
