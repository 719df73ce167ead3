import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localCalls } from '../../local/api/local-calls.ts';
import { close, listen } from '../../local/listen.ts';

describe('the calls for programs on this machine', () => {
	let server: Server;
	let port: number;
	const token = vi.fn(async () => 'a token');
	const tick = vi.fn(async () => {});
	const confirm = vi.fn(async (_token: string) => false);
	beforeAll(async () => {
		const outside = { issuer: { token }, confirm, tick, isIdle: () => true } as unknown as Parameters<typeof localCalls>[0];
		const calls = localCalls(outside);
		server = createServer((incoming, response) => void calls(incoming, response));
		port = Number(new URL(await listen(server)).port);
	});
	afterAll(() => close(server));

	/** As fetch will not send it: with any Host, which a page whose name leads here has for its own. */
	const ask = async (line: string, headers: Record<string, string>, body = '') => {
		const [method = '', path = ''] = line.split(' ');
		const sent = request({ host: '127.0.0.1', port, method, path, headers }).end(body);
		const response = await new Promise<IncomingMessage>((resolve, reject) => {
			sent.on('response', resolve).on('error', reject);
		});
		return { status: response.statusCode, body: JSON.parse(await text(response)) as Record<string, string> };
	};
	const at = (template: string) => template.replace('PORT', String(port));

	it.each(['127.0.0.1:PORT', 'localhost:PORT', 'LocalHost:PORT', '[::1]:PORT'])('answer whoever calls %s', async (host) => {
		expect(await ask('GET /_local/tokens', { host: at(host) })).toMatchObject({ status: 200, body: { admin: 'a token' } });
	});

	it.each([
		['no account', '{}', 'body: /account is required'],
		['a field that there is none of', '{ "account": "acme", "hours": 1 }', 'body: /hours is not a field of this request'],
		['no JSON', '{ account: acme }', 'body: not valid JSON from line 1, character 3 on'],
		['no object', '[]', 'body: must be an object with account, admin, expiresInSeconds'],
		['no time', '{ "account": "acme", "expiresInSeconds": 0 }', 'body: /expiresInSeconds must be at least 1'],
		['too long a time', '{ "account": "acme", "expiresInSeconds": 43201 }', 'body: /expiresInSeconds must be at most 43200'],
		['a part of a second', '{ "account": "acme", "expiresInSeconds": 1.5 }', 'body: /expiresInSeconds must be a whole number'],
	])('say in a sentence what is wrong with a body: %s', async (_, body, message) => {
		expect(await ask('POST /_local/tokens', { host: at('localhost:PORT') }, body)).toEqual({ status: 400, body: { message } });
	});

	it.each([
		{ account: 'acme' },
		{ account: 'acme', admin: true, expiresInSeconds: 1 },
		{ account: 'acme', expiresInSeconds: 43_200 },
	])('give a token as it is asked for: %j', async (caller) => {
		expect(await ask('POST /_local/tokens', { host: at('localhost:PORT') }, JSON.stringify(caller))).toEqual({
			status: 200,
			body: { token: 'a token' },
		});
		expect(token).toHaveBeenLastCalledWith(caller);
	});

	it.each([
		['another name, which leads here all the same', 'rebound.example:PORT'],
		['a name that only begins like ours', 'localhost.rebound.example:PORT'],
		['ours with a user before it', 'localhost@rebound.example:PORT'],
		['an address of another machine', '192.0.2.1:PORT'],
		['any address', '0.0.0.0:PORT'],
		['another port', '127.0.0.1:1'],
		['no port', 'localhost'],
	])('refuse a host that is %s', async (_what, host) => {
		token.mockClear();

		const { status, body } = await ask('GET /_local/tokens', { host: at(host) });

		expect(status).toBe(403);
		expect(body['message']).toMatch(
			new RegExp(`^the host .* is not this platform: use 127\\.0\\.0\\.1 or localhost, with port ${port}$`),
		);
		expect(token).not.toHaveBeenCalled();
	});

	it('confirm a subscription as the link in a mail of SNS does, once', async () => {
		const host = at('localhost:PORT');
		confirm.mockResolvedValueOnce(true);

		expect(await ask('POST /_local/confirmations/t0ken', { host })).toEqual({ status: 200, body: { status: 'done' } });
		expect(confirm).toHaveBeenLastCalledWith('t0ken');
		expect(await ask('POST /_local/confirmations/t0ken', { host })).toEqual({
			status: 404,
			body: { message: 'no confirmation is owed by this token' },
		});
	});

	it.each(['cross-site', 'same-site'])('refuse what a page that is %s has fetched without telling its origin', async (site) => {
		token.mockClear();

		const answer = await ask('GET /_local/tokens', { host: at('localhost:PORT'), 'sec-fetch-site': site });

		expect(answer).toEqual({ status: 403, body: { message: 'a page of another site asks for this' } });
		expect(token).not.toHaveBeenCalled();
	});

	it.each(['same-origin', 'none'])('answer what a browser says is %s', async (site) => {
		const answer = await ask('GET /_local/tokens', { host: at('localhost:PORT'), 'sec-fetch-site': site });

		expect(answer.status).toBe(200);
	});

	it.each([
		['PUT /_local/route-tables/__proto__', '/ must be a route table id (rtb-…)'],
		['GET /_local/route-tables/constructor', '/ must be a route table id (rtb-…)'],
		['PUT /_local/routers/__proto__', '/ must be an EC2 instance id (i-…) or a managed node id (mi-… with 17 digits)'],
	])('refuse what is no name: %s', async (line, message) => {
		const { status, body } = await ask(line, { host: at('localhost:PORT') }, line.startsWith('GET') ? '' : '{}');

		expect([status, body['message']]).toEqual([400, expect.stringContaining(message.slice(2))]);
	});

	it('keep nothing of a body that is too large', async () => {
		const { status } = await ask('POST /_local/tokens', { host: at('localhost:PORT') }, ' '.repeat(10 * 1_024 * 1_024 + 1));

		expect(status).toBe(413);
	});

	it('answer a page of their own', async () => {
		const host = at('localhost:PORT');

		expect(await ask('GET /_local/tokens', { host, origin: `http://${host}` })).toMatchObject({ status: 200 });
	});

	it.each(['https://elsewhere.example', 'null', 'http://localhost:1', 'http://127.0.0.1:PORT', 'https://localhost:PORT'])(
		'do nothing for a page of %s that posts to them',
		async (origin) => {
			tick.mockClear();

			const { status, body } = await ask('POST /_local/tick', { host: at('localhost:PORT'), origin: at(origin) });

			expect({ status, body }).toEqual({ status: 403, body: { message: `the origin ${at(origin)} is not this platform` } });
			expect(tick).not.toHaveBeenCalled();
		},
	);
});
