import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import { TooManyRequests } from '../lambda/concurrency.ts';
import type { LocalFunction } from '../lambda/local-function.ts';
import { tellFailure } from '../lambda/tell-failure.ts';
import { boundedBodyOf, targetOf } from '../listen.ts';
import type { Issuer, Verified } from './issuer.ts';

export type GatewayRoute = { routeKey: string; authorized: boolean; target: LocalFunction };

type Matched = { route: GatewayRoute; pathParameters: Record<string, string> };
type Result = { statusCode?: number; headers?: Record<string, string>; body?: string };

const match = (routes: readonly GatewayRoute[], method: string, path: string): Matched | undefined => {
	const given = path.split('/');
	for (const route of routes) {
		const [routeMethod, routePath = ''] = route.routeKey.split(' ');
		const wanted = routePath.split('/');
		if (routeMethod !== method || wanted.length !== given.length) continue;
		const pathParameters: Record<string, string> = {};
		const fits = wanted.every((part, index) => {
			const name = /^\{(\w+)\}$/.exec(part)?.[1];
			if (name === undefined) return part === given[index];
			pathParameters[name] = decodeURIComponent(given[index] ?? '');
			return given[index] !== '';
		});
		if (fits) return { route, pathParameters };
	}
	const fallback = routes.find(({ routeKey }) => routeKey === '$default');
	return fallback && { route: fallback, pathParameters: {} };
};

/** List claims arrive as one string, `[a b]`, as API Gateway hands them on. */
const claimsOf = (payload: JWTPayload): Record<string, string> =>
	Object.fromEntries(
		Object.entries(payload).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(' ')}]` : String(value)]),
	);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html */
const challenge = (verified: Verified | undefined): string =>
	verified !== undefined && 'refused' in verified
		? `Bearer scope="" error="invalid_token" error_description="${verified.refused}"`
		: 'Bearer';

type Options = {
	routes: readonly GatewayRoute[];
	issuer: Issuer;
	/** After how many seconds to come again, for a request that comes too fast. */
	throttled(): number | undefined;
};

/** The HTTP API: throttling, routes, the JWT authorizer, payload format 2.0. What it refuses itself is `{ "message": … }`. */
export const httpApi = ({ routes, issuer, throttled }: Options) => {
	const refuse = (response: ServerResponse, status: number, message: string) =>
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));

	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const seconds = throttled();
		if (seconds !== undefined) {
			response.setHeader('retry-after', String(seconds));
			return void refuse(response, 429, 'Too Many Requests');
		}
		const url = targetOf(request);
		if (url === undefined) return void refuse(response, 400, 'Bad Request');
		const method = request.method ?? 'GET';
		let matched: Matched | undefined;
		try {
			matched = match(routes, method, url.pathname);
		} catch (error) {
			if (error instanceof URIError) return void refuse(response, 400, 'Bad Request');
			throw error;
		}
		if (matched === undefined) return void refuse(response, 404, 'Not Found');
		const { route, pathParameters } = matched;
		// Node keeps the first of two such headers; API Gateway joins them, and its authorizer reads no token in that.
		const isOne = request.headersDistinct.authorization?.length === 1;
		const token = isOne ? /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] : undefined;
		const verified = route.authorized && token !== undefined ? await issuer.verify(token) : undefined;
		const payload = verified !== undefined && 'payload' in verified ? verified.payload : undefined;
		if (route.authorized && payload === undefined) {
			response.setHeader('www-authenticate', challenge(verified));
			return void refuse(response, 401, 'Unauthorized');
		}
		const body = await boundedBodyOf(request);
		if (body === undefined) return void refuse(response, 413, 'Request Entity Too Large');
		const query: Record<string, string> = {};
		for (const key of new Set(url.searchParams.keys())) query[key] = url.searchParams.getAll(key).join(',');
		const headers = Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
		);
		const event = {
			version: '2.0',
			routeKey: route.routeKey,
			rawPath: url.pathname,
			rawQueryString: url.search.slice(1),
			headers,
			...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
			...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
			requestContext: {
				accountId: '000000000000',
				apiId: 'local',
				domainName: request.headers.host ?? 'localhost',
				http: { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' },
				requestId: randomUUID(),
				routeKey: route.routeKey,
				stage: '$default',
				timeEpoch: Date.now(),
				...(payload === undefined ? {} : { authorizer: { jwt: { claims: claimsOf(payload), scopes: null } } }),
			},
			...(body.length > 0 ? { body: body.toString() } : {}),
			isBase64Encoded: false,
		};
		try {
			const result = ((await route.target.invoke(event)) ?? {}) as Result;
			response.writeHead(result.statusCode ?? 200, result.headers ?? {}).end(result.body ?? '');
		} catch (error) {
			tellFailure(route.target.name, error);
			if (error instanceof TooManyRequests) refuse(response, 503, 'Service Unavailable');
			else refuse(response, 500, 'Internal Server Error');
		}
	};
};
