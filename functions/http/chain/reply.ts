import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Answer } from './operation.ts';
import type { Route } from './route.ts';

export type Reply = { status: number; headers: Record<string, string>; body?: string };

/** What an operation answered, as HTTP has it. */
export const replyOf = (route: Route, { body, status = route.status, headers = {} }: Answer): Reply => {
	const location: Record<string, string> =
		status === 201 && body !== undefined && 'id' in body ? { location: `${route.path}/${body.id}` } : {};
	const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
	return {
		status,
		headers: { 'cache-control': 'no-store', ...content, ...headers, ...location },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	};
};

export const resultOf = ({ status, headers, body }: Reply): APIGatewayProxyStructuredResultV2 => ({
	statusCode: status,
	headers,
	...(body === undefined ? {} : { body }),
});
