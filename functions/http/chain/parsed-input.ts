import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parse, parseJson } from './parse.ts';
import type { Route } from './route.ts';

/** Everything that an operation takes of a request, by the schemas of its route. */
export const parsedInput = (route: Route, event: APIGatewayProxyEventV2) => ({
	params: route.params && parse(route.params, event.pathParameters ?? {}, 'path'),
	query: route.query && parse(route.query, event.queryStringParameters ?? {}, 'query'),
	body: route.body && parse(route.body, parseJson(bodyOf(event)), 'body'),
	ifMatch: event.headers['if-match'],
});

const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): string | undefined =>
	body !== undefined && isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
