import { accountRoutes } from './accounts/routes.ts';
import { alertSubscriptionRoutes } from './alert-subscriptions/routes.ts';
import type { Route } from './chain/route.ts';
import { connectionRoutes, muteRoutes } from './connections/routes.ts';
import { customerGatewayRoutes } from './customer-gateways/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { logRoutes } from './logs/routes.ts';
import { peerConfigRoutes } from './peer-configs/routes.ts';
import { routerCheckRoutes } from './router-check/routes.ts';
import { usageRoutes } from './usage/routes.ts';
import { vpcRoutes } from './vpcs/routes.ts';
import { vpnGatewayRoutes } from './vpn-gateways/routes.ts';

/** All routes; the stack and the OpenAPI document are built from them. */
export const routes = [
	...accountRoutes,
	...vpcRoutes,
	...vpnGatewayRoutes,
	...customerGatewayRoutes,
	...connectionRoutes,
	...eventRoutes,
	...muteRoutes,
	...peerConfigRoutes,
	...logRoutes,
	...routerCheckRoutes,
	...usageRoutes,
	...alertSubscriptionRoutes,
	{
		id: 'getOpenApi',
		method: 'GET',
		path: '/v1/openapi.json',
		handler: 'api-openapi',
		who: 'anyone',
		summary: 'Returns this document',
		status: 200,
		touches: {},
	},
] as const satisfies readonly Route[];

export type RouteId = (typeof routes)[number]['id'];
export type RouteOf<Id extends RouteId> = Extract<(typeof routes)[number], { id: Id }>;
