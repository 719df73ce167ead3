import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../../usecases/shared/caller.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import { type Claims, callerOf } from './caller-of.ts';
import { once } from './idempotency.ts';
import type { Answer, Operations } from './operation.ts';
import { parse, parseJson } from './parse.ts';
import { problemReply, type Reply } from './problems.ts';
import type { Route } from './route.ts';

type Event = APIGatewayProxyEventV2;
/** Each operation is checked against its route where the table of operations is written; here they share one type. */
type AnyOperation = (ports: Ports, request: object) => Promise<Answer>;

const header = (event: Event, name: string): string | undefined => event.headers[name];

const bodyOf = ({ body, isBase64Encoded }: Event): string | undefined =>
	body !== undefined && isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;

/** The Lambda of one resource: finds the route, checks the caller and the input, and answers. */
export const apiHandler = <const Routes extends readonly Route[]>(
	routes: Routes,
	operations: Operations<Routes>,
	{ ports, claims }: { ports: Ports; claims: Claims },
) => {
	const answer = async (event: Event): Promise<Reply> => {
		const route: Route | undefined = routes.find(({ method, path }) => `${method} ${path}` === event.routeKey);
		const operation = route && (operations as Record<string, AnyOperation | undefined>)[route.id];
		if (route === undefined || operation === undefined) throw new Error(`no operation for ${event.routeKey}`);
		const caller: Caller = callerOf(header(event, 'authorization'), claims);
		if (route.who === 'admin' && !caller.admin) throw new ProblemError('forbidden', 'only an admin may do this');
		const params = route.params && parse(route.params, event.pathParameters ?? {}, 'path');
		const query = route.query && parse(route.query, event.queryStringParameters ?? {}, 'query');
		const body = route.body && parse(route.body, parseJson(bodyOf(event)), 'body');
		const reply = async () =>
			replyOf(route, await operation(ports, { caller, params, query, body, ifMatch: header(event, 'if-match') }));
		if (route.method !== 'POST' || route.keepsNothing) return reply();
		const key = header(event, 'idempotency-key');
		return once(ports, { caller, routeId: route.id, path: event.rawPath, key, body }, reply);
	};

	return middy()
		.use({
			onError: (request) => {
				const { requestId } = request.context;
				if (!(request.error instanceof ProblemError)) {
					ports.log.error('request failed', { requestId, error: request.error?.stack ?? String(request.error) });
				}
				request.response = resultOf(problemReply(request.error, requestId));
			},
		})
		.handler(async (event: Event): Promise<APIGatewayProxyStructuredResultV2> => resultOf(await answer(event)));
};

const replyOf = (route: Route, { body, status = route.status, headers = {} }: Answer): Reply => {
	const location: Record<string, string> =
		status === 201 && body !== undefined && 'id' in body ? { location: `${route.path}/${body.id}` } : {};
	const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
	return {
		status,
		headers: { 'cache-control': 'no-store', ...content, ...headers, ...location },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	};
};

const resultOf = ({ status, headers, body }: Reply): APIGatewayProxyStructuredResultV2 => ({
	statusCode: status,
	headers,
	...(body === undefined ? {} : { body }),
});
