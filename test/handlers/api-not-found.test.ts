import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/handlers/api-not-found.ts';

const ask = async (line: string) => {
	const [method, rawPath] = line.split(' ');
	const { statusCode, headers, body } = await handler({
		rawPath,
		requestContext: { http: { method }, requestId: 'r' },
	} as unknown as APIGatewayProxyEventV2);
	return { statusCode, allow: headers['allow'], detail: JSON.parse(body ?? '').detail };
};

describe('a request that no route takes', () => {
	it.each([
		['PUT /v1/vpn-connections', 'GET, POST'],
		['POST /v1/vpn-connections/vpnc-00000000000000001', 'GET, PATCH, DELETE'],
		['GET /v1/vpn-connections/vpnc-00000000000000001/reset', 'POST'],
		['DELETE /v1/openapi.json', 'GET'],
		['HEAD /v1/vpcs/vpc-1/networks/net-1', 'PUT, DELETE'],
	])('is told which methods its path takes: %s', async (line, methods) => {
		const answer = await ask(line);

		expect(answer.statusCode).toBe(404);
		expect(answer.allow?.split(', ').sort()).toEqual(methods.split(', ').sort());
		expect(answer.detail).toBe(`there is no route ${line}; this path takes ${answer.allow}; see /v1/openapi.json`);
	});

	it.each(['GET /', 'GET /v1', 'GET /v1/vpn-connections/', 'GET /v1/tunnels', 'GET /v1/vpcs/a/b', 'GET //v1/vpcs'])(
		'is told that there is no such path: %s',
		async (line) => {
			expect(await ask(line)).toEqual({
				statusCode: 404,
				allow: undefined,
				detail: `there is no route ${line}; see /v1/openapi.json`,
			});
		},
	);
});
