import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from './route.ts';

/** The route that API Gateway matched, with its operation. Throws where the stack sends a route to a function that does not serve it. */
export const routed = <Operation>(
	routes: readonly Route[],
	operations: Readonly<Record<string, Operation | undefined>>,
	{ routeKey }: APIGatewayProxyEventV2,
): { route: Route; operation: Operation } => {
	const route = routes.find(({ method, path }) => `${method} ${path}` === routeKey);
	const operation = route && operations[route.id];
	if (route === undefined || operation === undefined) throw new Error(`no operation for ${routeKey}`);
	return { route, operation };
};
