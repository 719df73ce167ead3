import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import { parse, parseJson } from './parse.ts';
import type { Route } from './route.ts';

/** Ten times what the largest resource takes. */
export const mostBytesOfBody = 65_536;

/** Everything that an operation takes of a request, by the schemas of its route. */
export const parsedInput = (route: Route, event: APIGatewayProxyEventV2) => ({
	params: route.params && parse(route.params, event.pathParameters ?? {}, 'path'),
	query: route.query && parse(route.query, event.queryStringParameters ?? {}, 'query'),
	body: route.body && parse(route.body, parseJson(bodyOf(route, event)), 'body'),
	ifMatch: event.headers['if-match'],
});

const bodyOf = (
	{ mostBytes = mostBytesOfBody }: Route,
	{ body, isBase64Encoded }: APIGatewayProxyEventV2,
): string | undefined => {
	if (body === undefined) return undefined;
	const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
	if (bytes.length <= mostBytes) return bytes.toString();
	const [has, most] = [bytes.length, mostBytes].map((one) => one.toLocaleString('en'));
	throw new ProblemError('request-too-large', `the body has ${has} bytes; send at most ${most}`);
};
