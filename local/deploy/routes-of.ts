import type { GatewayRoute } from '../api/gateway.ts';
import type { Authorize } from '../iam/authorizer.ts';
import { invokedBy } from '../iam/invoked-by.ts';
import { arn } from '../iam/need.ts';
import { awsAccount, physicalName, type Resolve, type Stack } from '../stack.ts';
import type { Functions } from './functions-of.ts';

type Options = { resolve: Resolve; functions: Functions; authorize: Authorize };

/** The app's routes: API Gateway invokes each function in its own name, for the route that was asked for. */
export const routesOf = (stack: Stack, { resolve, functions, authorize }: Options): GatewayRoute[] => {
	const integrations = new Map(
		stack.ofType('AWS::ApiGatewayV2::Integration').map((one) => [physicalName(one), String(resolve(one)['IntegrationUri'])]),
	);
	const caller = { principal: { service: 'apigateway.amazonaws.com' } };
	return stack.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
		const {
			RouteKey = '',
			Target = '',
			AuthorizationType,
			ApiId = '',
			AuthorizationScopes,
		} = resolve(resource) as Record<string, string>;
		if (AuthorizationScopes !== undefined) throw new Error(`${RouteKey} asks for scopes, which nothing on this machine checks`);
		const functionArn = integrations.get(Target.replace('integrations/', '')) ?? '';
		// `GET /v1/vpcs` is `GET/v1/vpcs` here, and the route for all others is its own method.
		const source = `${ApiId}/$default/${RouteKey.replace(' ', '')}${RouteKey.startsWith('$') ? `/${RouteKey}` : ''}`;
		const context = { 'aws:SourceArn': arn('execute-api', source), 'aws:SourceAccount': awsAccount };
		const target = invokedBy(functions.byArn(functionArn), { authorize, caller, functionArn, flow: RouteKey, context });
		return { routeKey: RouteKey, authorized: AuthorizationType === 'JWT', target };
	});
};
