import * as z from 'zod';
import { PutAccount } from '../domain/account.ts';
import { CreateAlertSubscription } from '../domain/alert-subscription.ts';
import { Availability } from '../domain/availability.ts';
import { ChangePlan } from '../domain/change-plan.ts';
import { CreateCustomerGateway, PatchCustomerGateway } from '../domain/customer-gateway.ts';
import { Instant } from '../domain/entity.ts';
import {
	AccountId,
	AlertSubscriptionId,
	ConnectionId,
	CustomerGatewayId,
	NetworkId,
	VpcId,
	VpnGatewayId,
} from '../domain/ids.ts';
import { LogLine } from '../domain/log-lines.ts';
import { CreateVpc, PatchVpc, PutNetwork } from '../domain/vpc.ts';
import { ConnectionState, CreateVpnConnection } from '../domain/vpn-connection.ts';
import { CreateVpnGateway } from '../domain/vpn-gateway.ts';
import type { Route } from './route.ts';
import {
	AccountView,
	AlertSubscriptionView,
	ApplyView,
	ConnectionUsageView,
	ConnectionView,
	CustomerGatewayView,
	EventView,
	UsageView,
	VpcView,
	VpnGatewayView,
} from './views.ts';

const pages = {
	limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(50),
	cursor: z.string().max(2_000).optional(),
};
const ListQuery = z.strictObject({ accountId: AccountId.optional(), ...pages });
const ListConnectionsQuery = z.strictObject({
	accountId: AccountId.optional(),
	state: ConnectionState.optional(),
	vpcId: VpcId.optional(),
	...pages,
});
const AccountQuery = z.strictObject({ accountId: AccountId.optional() });
const UsageQuery = z.strictObject({ from: Instant.optional(), to: Instant.optional() });
const LogsQuery = z.strictObject({
	since: Instant.optional(),
	limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const MonthQuery = z.strictObject({
	month: z
		.string()
		.regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
		.optional(),
});
const Mute = z.strictObject({ until: Instant });
const PageQuery = z.strictObject(pages);
const ForceQuery = z.strictObject({ force: z.enum(['true', 'false']).optional() });
const DryRunQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });
const page = (item: z.ZodType) => z.object({ items: z.array(item), nextCursor: z.string().optional() });

const accountId = z.object({ id: AccountId });
const vpcId = z.object({ id: VpcId });
const networkId = z.object({ id: VpcId, networkId: NetworkId });
const gatewayId = z.object({ id: VpnGatewayId });
const customerGatewayId = z.object({ id: CustomerGatewayId });
const subscriptionId = z.object({ id: AlertSubscriptionId });
const connectionId = z.object({ id: ConnectionId });

const accounts = { handler: 'api-accounts', who: 'admin' } as const;
const vpcs = { handler: 'api-vpcs' } as const;
const gateways = { handler: 'api-vpn-gateways', who: 'owner' } as const;
const customerGateways = { handler: 'api-customer-gateways', who: 'owner' } as const;
const usage = { handler: 'api-usage', who: 'owner' } as const;
const subscriptions = { handler: 'api-alert-subscriptions', who: 'owner' } as const;
const connections = { handler: 'api-connections', who: 'owner' } as const;

export const routes = [
	{
		id: 'listAccounts',
		method: 'GET',
		path: '/v1/accounts',
		...accounts,
		summary: 'Lists the accounts that have a row',
		status: 200,
		query: PageQuery,
		reply: page(AccountView),
	},
	{
		id: 'putAccount',
		method: 'PUT',
		path: '/v1/accounts/{id}',
		...accounts,
		summary: 'Makes or changes an account; what is omitted stays',
		status: 200,
		params: accountId,
		body: PutAccount,
		reply: AccountView,
	},
	{
		id: 'getAccount',
		method: 'GET',
		path: '/v1/accounts/{id}',
		...accounts,
		summary: 'Shows an account',
		status: 200,
		params: accountId,
		reply: AccountView,
	},
	{
		id: 'createVpc',
		method: 'POST',
		path: '/v1/vpcs',
		...vpcs,
		who: 'admin',
		summary: 'Registers a VPC and its router',
		status: 201,
		body: CreateVpc,
		reply: VpcView,
	},
	{
		id: 'listVpcs',
		method: 'GET',
		path: '/v1/vpcs',
		...vpcs,
		who: 'owner',
		summary: 'Lists the VPCs of an account',
		status: 200,
		query: ListQuery,
		reply: page(VpcView),
	},
	{
		id: 'getVpc',
		method: 'GET',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'owner',
		summary: 'Shows a VPC',
		status: 200,
		params: vpcId,
		reply: VpcView,
	},
	{
		id: 'patchVpc',
		method: 'PATCH',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'admin',
		summary: 'Changes a VPC; 202 where its router must see it',
		status: 200,
		params: vpcId,
		body: PatchVpc,
		reply: VpcView,
	},
	{
		id: 'deleteVpc',
		method: 'DELETE',
		path: '/v1/vpcs/{id}',
		...vpcs,
		who: 'admin',
		summary: 'Forgets a VPC without a gateway',
		status: 204,
		params: vpcId,
		query: ForceQuery,
	},
	{
		id: 'reapplyVpc',
		method: 'POST',
		path: '/v1/vpcs/{id}/reapply',
		...vpcs,
		who: 'admin',
		summary: 'Pushes everything of the router again',
		status: 202,
		params: vpcId,
		reply: VpcView,
	},
	{
		id: 'putNetwork',
		method: 'PUT',
		path: '/v1/vpcs/{id}/networks/{networkId}',
		...vpcs,
		who: 'admin',
		summary: 'Makes or changes a network of a VPC',
		status: 200,
		params: networkId,
		body: PutNetwork,
		reply: VpcView,
	},
	{
		id: 'deleteNetwork',
		method: 'DELETE',
		path: '/v1/vpcs/{id}/networks/{networkId}',
		...vpcs,
		who: 'admin',
		summary: 'Removes a network of a VPC',
		status: 204,
		params: networkId,
	},
	{
		id: 'createVpnGateway',
		method: 'POST',
		path: '/v1/vpn-gateways',
		...gateways,
		summary: 'Makes the VPN gateway of a VPC',
		status: 201,
		body: CreateVpnGateway,
		reply: VpnGatewayView,
	},
	{
		id: 'listVpnGateways',
		method: 'GET',
		path: '/v1/vpn-gateways',
		...gateways,
		summary: 'Lists the VPN gateways of an account',
		status: 200,
		query: ListQuery,
		reply: page(VpnGatewayView),
	},
	{
		id: 'getVpnGateway',
		method: 'GET',
		path: '/v1/vpn-gateways/{id}',
		...gateways,
		summary: 'Shows a VPN gateway',
		status: 200,
		params: gatewayId,
		reply: VpnGatewayView,
	},
	{
		id: 'deleteVpnGateway',
		method: 'DELETE',
		path: '/v1/vpn-gateways/{id}',
		...gateways,
		summary: 'Removes a VPN gateway without connections',
		status: 204,
		params: gatewayId,
	},
	{
		id: 'createCustomerGateway',
		method: 'POST',
		path: '/v1/vpn-customer-gateways',
		...customerGateways,
		summary: 'Describes the other end of a tunnel',
		status: 201,
		body: CreateCustomerGateway,
		reply: CustomerGatewayView,
	},
	{
		id: 'listCustomerGateways',
		method: 'GET',
		path: '/v1/vpn-customer-gateways',
		...customerGateways,
		summary: 'Lists the customer gateways of an account',
		status: 200,
		query: ListQuery,
		reply: page(CustomerGatewayView),
	},
	{
		id: 'getCustomerGateway',
		method: 'GET',
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary: 'Shows a customer gateway',
		status: 200,
		params: customerGatewayId,
		reply: CustomerGatewayView,
	},
	{
		id: 'patchCustomerGateway',
		method: 'PATCH',
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary: 'Changes the other end; 202 where its router must see it. With dryRun, answers what would change and writes nothing',
		status: 200,
		params: customerGatewayId,
		query: DryRunQuery,
		body: PatchCustomerGateway,
		reply: z.union([CustomerGatewayView, ChangePlan]),
	},
	{
		id: 'deleteCustomerGateway',
		method: 'DELETE',
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary: 'Removes a customer gateway that no connection uses, and its PSK',
		status: 204,
		params: customerGatewayId,
	},
	{
		id: 'createVpnConnection',
		method: 'POST',
		path: '/v1/vpn-connections',
		...connections,
		summary: 'Connects a VPN gateway and a customer gateway',
		status: 202,
		body: CreateVpnConnection,
		reply: ConnectionView,
	},
	{
		id: 'listVpnConnections',
		method: 'GET',
		path: '/v1/vpn-connections',
		...connections,
		summary: 'Lists the connections of an account',
		status: 200,
		query: ListConnectionsQuery,
		reply: page(ConnectionView),
	},
	{
		id: 'getVpnConnection',
		method: 'GET',
		path: '/v1/vpn-connections/{id}',
		...connections,
		summary: 'Shows a connection and its tunnels',
		status: 200,
		params: connectionId,
		reply: ConnectionView,
	},
	{
		id: 'deleteVpnConnection',
		method: 'DELETE',
		path: '/v1/vpn-connections/{id}',
		...connections,
		summary: 'Takes a connection down and removes it; only an admin may force it',
		status: 202,
		params: connectionId,
		query: ForceQuery,
		reply: ConnectionView,
	},
	{
		id: 'resetVpnConnection',
		method: 'POST',
		path: '/v1/vpn-connections/{id}/reset',
		...connections,
		summary: 'Takes a connection down and brings it up anew',
		status: 202,
		params: connectionId,
		reply: ConnectionView,
	},
	{
		id: 'listEvents',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/events',
		...connections,
		summary: 'What happened to a connection, newest first',
		status: 200,
		params: connectionId,
		query: PageQuery,
		reply: page(EventView),
	},
	{
		id: 'listApplies',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/applies',
		...connections,
		summary: 'What was done on the router for a connection, step by step, newest first',
		status: 200,
		params: connectionId,
		query: PageQuery,
		reply: page(ApplyView),
	},
	{
		id: 'muteVpnConnection',
		method: 'PUT',
		path: '/v1/vpn-connections/{id}/mute',
		...connections,
		summary: 'Holds the alerts of a connection back until a time; what still holds then is told then',
		status: 200,
		params: connectionId,
		body: Mute,
		reply: ConnectionView,
	},
	{
		id: 'unmuteVpnConnection',
		method: 'DELETE',
		path: '/v1/vpn-connections/{id}/mute',
		...connections,
		summary: 'Ends the muted window of a connection',
		status: 204,
		params: connectionId,
	},
	{
		id: 'getLogs',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/logs',
		handler: 'api-logs',
		who: 'owner',
		summary: 'The lines of the router’s logs on a connection, oldest first; asks the router, and answers 504 where it does not',
		status: 200,
		params: connectionId,
		query: LogsQuery,
		reply: z.object({ items: z.array(LogLine) }),
	},
	{
		id: 'getConnectionUsage',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/usage',
		...usage,
		summary: 'Bytes through a connection by the hour; written each quarter of an hour',
		status: 200,
		params: connectionId,
		query: UsageQuery,
		reply: ConnectionUsageView,
	},
	{
		id: 'getUsage',
		method: 'GET',
		path: '/v1/usage',
		...usage,
		summary: 'Bytes by connection, those that are deleted included; of all accounts for an admin who names none',
		status: 200,
		query: UsageQuery.extend({ accountId: AccountId.optional() }),
		reply: UsageView,
	},
	{
		id: 'getAvailability',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/availability',
		...usage,
		summary: 'Uptime and outages of a connection in a month',
		status: 200,
		params: connectionId,
		query: MonthQuery,
		reply: Availability,
	},
	{
		id: 'createAlertSubscription',
		method: 'POST',
		path: '/v1/alert-subscriptions',
		...subscriptions,
		summary: 'Subscribes an e-mail address or a telephone to the alerts of an account; an address has to be confirmed',
		status: 202,
		body: CreateAlertSubscription,
		reply: AlertSubscriptionView,
	},
	{
		id: 'listAlertSubscriptions',
		method: 'GET',
		path: '/v1/alert-subscriptions',
		...subscriptions,
		summary: 'Lists the alert subscriptions of an account',
		status: 200,
		query: ListQuery,
		reply: page(AlertSubscriptionView),
	},
	{
		id: 'deleteAlertSubscription',
		method: 'DELETE',
		path: '/v1/alert-subscriptions/{id}',
		...subscriptions,
		summary: 'Ends an alert subscription',
		status: 204,
		params: subscriptionId,
		query: AccountQuery,
	},
	{
		id: 'getOpenApi',
		method: 'GET',
		path: '/v1/openapi.json',
		handler: 'api-openapi',
		who: 'anyone',
		summary: 'This document',
		status: 200,
	},
] as const satisfies readonly Route[];

export type RouteId = (typeof routes)[number]['id'];
export type RouteOf<Id extends RouteId> = Extract<(typeof routes)[number], { id: Id }>;
