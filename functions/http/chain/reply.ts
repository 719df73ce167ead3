import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Answer } from './operation.ts';
import type { Route } from './route.ts';

export type Reply = {
	status: number;
	headers: Record<string, string>;
	body?: string;
	/** In place of the body, in the first answer alone. */
	first?: string;
};

/** What an operation answered, as HTTP has it. */
export const replyOf = (route: Route, { body, status = route.status, headers = {}, unkept }: Answer): Reply => {
	const location: Record<string, string> =
		status === 201 && body !== undefined && 'id' in body ? { location: `${route.path}/${body.id}` } : {};
	const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
	return {
		status,
		headers: { 'cache-control': 'no-store', ...content, ...headers, ...location },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
		...(unkept === undefined ? {} : { first: JSON.stringify({ ...body, ...unkept }) }),
	};
};

export const resultOf = ({ status, headers, body: kept, first = kept }: Reply): APIGatewayProxyStructuredResultV2 => ({
	statusCode: status,
	headers,
	...(first === undefined ? {} : { body: first }),
});
