import type { CustomerGateway } from './customer-gateway.ts';
import type { Event } from './event.ts';
import type { Vpc } from './vpc.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** An event before the use case gives it its ULID and its expiry. */
export type EventDraft = Omit<Event, 'id' | 'expiresAt'>;

/** `next` is absent where the connection is gone: the row is to be removed. */
export type ConnectionChange = { current: VpnConnection; next: VpnConnection | undefined };

export type CustomerGatewayChange = { current: CustomerGateway; next: CustomerGateway };

/**
 * What a check or a reconcile found, as the rows and events to write in one transaction. Nothing in it means: write nothing.
 * At most one event a connection: 40 connections that change stay within DynamoDB's 100 items a transaction. Those that go cost three.
 */
export type Decision = {
	/** The VPC's row where it changes; its `rev` is still the one that was read. */
	vpc?: Vpc;
	connections: ConnectionChange[];
	customerGateways: CustomerGatewayChange[];
	/** Customer gateways of connections that are gone: free for another connection. */
	freed: string[];
	events: EventDraft[];
	/** Connections whose outcome the transaction has no room for: to be decided on the rows as they are after it. */
	rest: string[];
	/** The router has to be reconciled (again). */
	reconcile: boolean;
	/** Some of the events owe an alert: hint the alert queue for the VPC's account. */
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
