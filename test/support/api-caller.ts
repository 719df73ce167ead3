import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { SignJWT } from 'jose';
import { requestLogContext } from '../../functions/adapters/system/powertools-log.ts';
import { accountOperations } from '../../functions/http/accounts/operations.ts';
import { accountRoutes } from '../../functions/http/accounts/routes.ts';
import { alertSubscriptionOperations } from '../../functions/http/alert-subscriptions/operations.ts';
import { alertSubscriptionRoutes } from '../../functions/http/alert-subscriptions/routes.ts';
import { apiHandler } from '../../functions/http/chain/api-handler.ts';
import { connectionOperations, muteOperations } from '../../functions/http/connections/operations.ts';
import { connectionRoutes, muteRoutes } from '../../functions/http/connections/routes.ts';
import { customerGatewayOperations } from '../../functions/http/customer-gateways/operations.ts';
import { customerGatewayRoutes } from '../../functions/http/customer-gateways/routes.ts';
import { eventOperations } from '../../functions/http/events/operations.ts';
import { eventRoutes } from '../../functions/http/events/routes.ts';
import { logOperations } from '../../functions/http/logs/operations.ts';
import { logRoutes } from '../../functions/http/logs/routes.ts';
import { peerConfigOperations } from '../../functions/http/peer-configs/operations.ts';
import { peerConfigRoutes } from '../../functions/http/peer-configs/routes.ts';
import { routerCheckOperations } from '../../functions/http/router-check/operations.ts';
import { routerCheckRoutes } from '../../functions/http/router-check/routes.ts';
import { usageOperations } from '../../functions/http/usage/operations.ts';
import { usageRoutes } from '../../functions/http/usage/routes.ts';
import { vpcOperations } from '../../functions/http/vpcs/operations.ts';
import { vpcRoutes } from '../../functions/http/vpcs/routes.ts';
import { vpnGatewayOperations } from '../../functions/http/vpn-gateways/operations.ts';
import { vpnGatewayRoutes } from '../../functions/http/vpn-gateways/routes.ts';
import type { Ports } from '../../functions/ports.ts';

export type Who = { sub?: string; account?: string; groups?: string[] };
export type Call = { who?: Who; body?: unknown; query?: Record<string, string>; headers?: Record<string, string> };
export const acme: Who = { account: 'acme' };
export const admin: Who = { groups: ['admin'] };

const routes = [
	...accountRoutes,
	...vpcRoutes,
	...vpnGatewayRoutes,
	...customerGatewayRoutes,
	...connectionRoutes,
	...eventRoutes,
	...muteRoutes,
	...peerConfigRoutes,
	...alertSubscriptionRoutes,
	...usageRoutes,
	...logRoutes,
	...routerCheckRoutes,
] as const;
const operations = {
	...accountOperations,
	...vpcOperations,
	...vpnGatewayOperations,
	...customerGatewayOperations,
	...connectionOperations,
	...eventOperations,
	...muteOperations,
	...peerConfigOperations,
	...alertSubscriptionOperations,
	...usageOperations,
	...logOperations,
	...routerCheckOperations,
};

/** Calls any route as API Gateway would, with the body as JSON unless it is a text. */
export const apiCaller =
	(ports: Ports) =>
	async (routeKey: string, { who = acme, body, query, headers = {} }: Call = {}, params: Record<string, string> = {}) => {
		const token = await new SignJWT({ sub: 'jo', ...who }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
		const event = {
			routeKey,
			requestContext: { requestId: 'gateway' },
			rawPath: Object.entries(params).reduce(
				(path, [name, value]) => path.replace(`{${name}}`, value),
				routeKey.split(' ')[1] ?? '',
			),
			headers: { authorization: `Bearer ${token}`, ...headers },
			pathParameters: params,
			queryStringParameters: query,
			body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
			isBase64Encoded: false,
		} as unknown as APIGatewayProxyEventV2;
		const handler = apiHandler(routes, operations, {
			ports,
			claims: { account: 'account', groups: 'groups' },
			logContext: requestLogContext(),
		});
		const result = (await handler(event, { awsRequestId: 'r' } as never)) as APIGatewayProxyStructuredResultV2;
		return { status: result.statusCode, headers: result.headers ?? {}, body: JSON.parse(result.body ?? 'null') };
	};
