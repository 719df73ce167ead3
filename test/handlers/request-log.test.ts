import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { powertoolsLog, requestLogContext } from '../../functions/adapters/system/powertools-log.ts';
import { apiHandler } from '../../functions/http/chain/api-handler.ts';
import { memoryPorts } from '../support/memory-ports.ts';

const routes = [
	{
		id: 'break',
		method: 'GET',
		path: '/v1/break',
		handler: 'api-break',
		who: 'owner',
		summary: 'Breaks',
		status: 200,
		touches: {},
		reply: z.object({}),
	},
] as const;

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
});

it('a line that is logged for a request carries the ids of API Gateway, of Lambda and of its trace, and the next request’s carries its own', async () => {
	const lines: Record<string, unknown>[] = [];
	for (const stream of [process.stdout, process.stderr])
		vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(JSON.parse(String(line))) > 0);
	const operations = {
		break: async () => {
			powertoolsLog.info('at work');
			throw new Error('broken');
		},
	};
	const ports = { ...memoryPorts().ports, log: powertoolsLog };
	const handler = apiHandler(routes, operations, {
		ports,
		claims: { account: 'account', groups: 'groups' },
		logContext: requestLogContext(),
	});
	const ask = (n: number) => {
		vi.stubEnv('_X_AMZN_TRACE_ID', `Root=trace-${n};Sampled=1`);
		return handler(
			{
				routeKey: 'GET /v1/break',
				rawPath: '/v1/break',
				headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJqbyIsImFjY291bnQiOiJhY21lIn0.' },
				requestContext: { requestId: `gateway-${n}` },
			} as unknown as APIGatewayProxyEventV2,
			{ awsRequestId: `lambda-${n}`, functionName: 'api', memoryLimitInMB: '512', invokedFunctionArn: 'arn' } as Context,
		);
	};

	await ask(1);
	await ask(2);

	expect(
		lines.map(({ message, correlation_id, function_request_id, xray_trace_id }) => [
			message,
			correlation_id,
			function_request_id,
			xray_trace_id,
		]),
	).toEqual([
		['at work', 'gateway-1', 'lambda-1', 'trace-1'],
		['request failed', 'gateway-1', 'lambda-1', 'trace-1'],
		['at work', 'gateway-2', 'lambda-2', 'trace-2'],
		['request failed', 'gateway-2', 'lambda-2', 'trace-2'],
	]);
});
