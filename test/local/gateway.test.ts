import { createServer, request, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type GatewayRoute, httpApi } from '../../local/api/gateway.ts';
import { throttle } from '../../local/api/throttle.ts';
import { TooManyRequests } from '../../local/lambda/concurrency.ts';
import { FunctionError } from '../../local/lambda/local-function.ts';
import { close, listen } from '../../local/listen.ts';

describe('the local API Gateway', () => {
	let server: Server;
	let url: string;
	const invoke = vi.fn<(event: unknown) => Promise<unknown>>();
	const target = { name: 'f', invoke, stop: async () => {} };
	const routes: GatewayRoute[] = [
		{ routeKey: 'POST /v1/things/{id}', authorized: true, target },
		{ routeKey: 'GET /docs', authorized: false, target },
		{ routeKey: '$default', authorized: false, target: { ...target, invoke: async () => ({ statusCode: 404, body: 'ours' }) } },
	];
	const issuer = {
		verify: async (token: string) =>
			token === 'good' ? { payload: { sub: 'jo', groups: ['admin', 'a b'], level: 3 } } : { refused: 'the token has expired' },
		token: async () => 'good',
	};
	beforeAll(async () => {
		const api = httpApi({ routes, issuer, throttled: () => undefined } as unknown as Parameters<typeof httpApi>[0]);
		server = createServer((request, response) => void api(request, response));
		url = await listen(server);
		vi.spyOn(console, 'error').mockImplementation(() => {});
	});
	afterAll(async () => {
		await close(server);
		vi.restoreAllMocks();
	});
	const post = async (path: string, { token = 'good', body = '{}' } = {}) => {
		const response = await fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
		return { status: response.status, body: await response.text() };
	};

	it('knows nobody by two Authorization headers', async () => {
		const headers = ['host', 'localhost', 'authorization', 'Bearer good', 'authorization', 'Bearer good'];
		const status = await new Promise((resolve, reject) => {
			const asked = request(`${url}/v1/things/a`, { method: 'POST', headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			asked.on('error', reject).end('{}');
		});

		expect(status).toBe(401);
	});

	it.each([
		['no token', {}, 'Bearer'],
		['no bearer token', { authorization: 'Basic good' }, 'Bearer'],
		[
			'a token that does not hold',
			{ authorization: 'Bearer bad' },
			'Bearer scope="" error="invalid_token" error_description="the token has expired"',
		],
	])('says why it takes %s for nobody, in the header of a challenge', async (_what, headers, challenge) => {
		const { status, headers: answered } = await fetch(`${url}/v1/things/1`, { method: 'POST', headers, body: '{}' });

		expect({ status, challenge: answered.get('www-authenticate') }).toEqual({ status: 401, challenge });
	});

	it.each([
		['//', 404],
		['//elsewhere.example/docs', 404],
		['///', 404],
		['http://[', 400],
		['http://elsewhere.example/nothing', 404],
	])('answers whatever stands in the line of a request: %s', async (path, expected) => {
		const { port } = new URL(url);
		const status = await new Promise((resolve, reject) => {
			const asked = request({ host: '127.0.0.1', port, path }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			asked.on('error', reject).end();
		});

		expect(status).toBe(expected);
	});

	it('passes every claim as a string, a list as one string too', async () => {
		invoke.mockResolvedValueOnce({ statusCode: 201, body: 'made' });

		expect(await post('/v1/things/a%20b')).toEqual({ status: 201, body: 'made' });
		expect(invoke).toHaveBeenLastCalledWith(
			expect.objectContaining({
				pathParameters: { id: 'a b' },
				requestContext: expect.objectContaining({
					authorizer: { jwt: { claims: { sub: 'jo', groups: '[admin a b]', level: '3' }, scopes: null } },
				}),
			}),
		);
	});

	it.each([
		['no token', { token: '' }, 401, 'Unauthorized'],
		['a bad token', { token: 'bad' }, 401, 'Unauthorized'],
		['more than 10 MB', { body: 'x'.repeat(10 * 1_024 * 1_024 + 1) }, 413, 'Request Entity Too Large'],
	])('refuses %s by itself, with its own message', async (_what, request, status, message) => {
		invoke.mockClear();

		expect(await post('/v1/things/1', request)).toEqual({ status, body: JSON.stringify({ message }) });
		expect(invoke).not.toHaveBeenCalled();
	});

	it.each([
		['fails', new FunctionError('no'), 500, 'Internal Server Error'],
		['may not run now', new TooManyRequests(), 503, 'Service Unavailable'],
	])('answers on behalf of a function that %s', async (_what, error, status, message) => {
		invoke.mockRejectedValueOnce(error);

		expect(await post('/v1/things/1')).toEqual({ status, body: JSON.stringify({ message }) });
	});

	it('refuses by itself what comes faster than the stage takes, known or unknown, and says when to come again', async () => {
		let now = 5_000;
		const limited = httpApi({ routes, issuer, throttled: throttle({ rate: 2, burst: 3 }, () => now) } as unknown as Parameters<
			typeof httpApi
		>[0]);
		const own = createServer((request, response) => void limited(request, response));
		const at = await listen(own);
		invoke.mockClear().mockResolvedValue({ statusCode: 201 });
		const ask = async (path: string, token: string) => {
			const response = await fetch(`${at}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
			return [response.status, response.headers.get('retry-after'), await response.text()];
		};

		expect((await ask('/v1/things/1', 'good'))[0]).toBe(201);
		expect((await ask('/v1/things/1', 'bad'))[0]).toBe(401);
		expect((await ask('/v1/nothing', 'good'))[0]).toBe(404);
		const refused = [429, '1', JSON.stringify({ message: 'Too Many Requests' })];
		expect(await ask('/v1/things/1', 'good')).toEqual(refused);
		expect(invoke).toHaveBeenCalledTimes(1);
		now += 500;
		expect((await ask('/v1/things/1', 'good'))[0]).toBe(201);
		expect(await ask('/v1/things/1', 'good')).toEqual(refused);
		await close(own);
	});

	it('sends an unknown route to the default one', async () => {
		expect(await post('/v1/nothing')).toEqual({ status: 404, body: 'ours' });
	});
});
