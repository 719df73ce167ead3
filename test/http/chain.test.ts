import { createHash } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Secret } from '../../functions/domain/model/secret.ts';
import { callerOf } from '../../functions/http/chain/caller-of.ts';
import { decodeCursor, encodeCursor } from '../../functions/http/chain/cursor.ts';
import { listPage } from '../../functions/http/chain/list-page.ts';
import { PageQuery } from '../../functions/http/chain/list-query.ts';
import { entity } from '../../functions/http/chain/operation.ts';
import { parse, parseJson } from '../../functions/http/chain/parse.ts';
import { parsedInput } from '../../functions/http/chain/parsed-input.ts';
import { problemReply, problems } from '../../functions/http/chain/problems.ts';
import { ProblemError } from '../../functions/usecases/shared/problem-error.ts';
import { goldenPage } from '../support/golden-page.ts';
import { cursorKey } from '../support/memory-ports.ts';

const thrownBy = (run: () => unknown): unknown => {
	try {
		return run();
	} catch (error) {
		return error;
	}
};

describe('who calls', () => {
	const claims = { account: 'custom:account', groups: 'cognito:groups' };
	const of = async (payload: Record<string, unknown>, prefix = 'Bearer ') => {
		const token = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
		return callerOf(`${prefix}${token}`, claims);
	};

	it.each<[string, Record<string, unknown>, object]>([
		['a user of an account', { sub: 'jo', 'custom:account': 'acme' }, { who: 'jo', accountId: 'acme', admin: false }],
		['one without an account', { sub: 'jo' }, { who: 'jo', admin: false }],
		['an admin by a list', { sub: 'jo', 'cognito:groups': ['x', 'admin'] }, { who: 'jo', admin: true }],
		['an admin by a text', { sub: 'jo', 'cognito:groups': 'admin' }, { who: 'jo', admin: true }],
		['no admin of that name', { sub: 'jo', 'cognito:groups': ['not admin', 'admins'] }, { who: 'jo', admin: false }],
		['no admin by a text with it', { sub: 'jo', 'cognito:groups': '[admin x]' }, { who: 'jo', admin: false }],
	])('is %s', async (_what, payload, caller) => {
		expect(await of(payload)).toEqual(caller);
	});

	it.each<[string, Record<string, unknown>]>([
		['an account that reaches into another’s path', { sub: 'jo', 'custom:account': 'victim/x' }],
		['an account that is a path upwards', { sub: 'jo', 'custom:account': '../victim' }],
		['an account that is empty', { sub: 'jo', 'custom:account': '' }],
		['an account that is a number', { sub: 'jo', 'custom:account': 7 }],
		['an account that is a list', { sub: 'jo', 'custom:account': ['acme'] }],
		['an account of 65 letters', { sub: 'jo', 'custom:account': 'a'.repeat(65) }],
		['no name', { 'custom:account': 'acme' }],
		['a name that is a number', { sub: 7, 'custom:account': 'acme' }],
		['a name that is an object', { sub: {}, 'custom:account': 'acme' }],
		['a name that is empty', { sub: '', 'custom:account': 'acme' }],
		['a name of two lines', { sub: 'jo\u2028mo', 'custom:account': 'acme' }],
		['a name that colours a terminal', { sub: '\u001b[31mjo', 'custom:account': 'acme' }],
		['a name of 256 letters', { sub: 'a'.repeat(256), 'custom:account': 'acme' }],
		['no name, for an admin', { 'cognito:groups': ['admin'] }],
	])('is nobody by %s', async (_what, payload) => {
		const refused = await of(payload).then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(refused).toMatchObject({
			kind: 'forbidden',
			message: expect.stringMatching(/^the claim [\w:]+ of the token must be /),
		});
	});

	it('is told by one token: two Authorization headers, which API Gateway joins, are nobody’s', async () => {
		const token = await new SignJWT({ sub: 'jo' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
		for (const header of [
			`Bearer ${token}, Bearer ${token}`,
			`Bearer ${token},Bearer ${token}`,
			`Bearer ${token} ${token}`,
			'Bearer',
			'',
			'Bearer a.b.c',
		])
			expect(thrownBy(() => callerOf(header, claims))).toMatchObject({ kind: 'unauthenticated' });
	});

	it('stands in the token, however the header spells its scheme', async () => {
		for (const prefix of ['Bearer ', 'bearer   ', '']) expect((await of({ sub: 'jo' }, prefix)).who).toBe('jo');
		const unsigned = new UnsecuredJWT({ sub: 'jo' }).encode();
		expect(callerOf(`Bearer ${unsigned}`, claims).who).toBe('jo');
		expect(thrownBy(() => callerOf(undefined, claims))).toMatchObject({ kind: 'unauthenticated' });
	});
});

describe('a cursor', () => {
	const bound = ['listVpcs', 'acme'];
	const forged = (after: string, seal: string) => Buffer.from(JSON.stringify([after, seal])).toString('base64url');
	const sealIn = (cursor: string): string => JSON.parse(Buffer.from(cursor, 'base64url').toString())[1];
	const refused = {
		kind: 'invalid-request',
		message: expect.stringMatching(/^query: \/cursor /),
		errors: [{ pointer: '/cursor', detail: expect.stringMatching(/./) }],
	};

	it('leads back to where it was made', () => {
		expect(decodeCursor(cursorKey, encodeCursor(cursorKey, 'vpc-1', bound), bound)).toBe('vpc-1');
	});

	it('is short, and of the letters of a query', () => {
		expect(encodeCursor(cursorKey, 'vpc-1', bound)).toMatch(/^[\w-]{20,100}$/);
	});

	it.each([
		['another list', encodeCursor(cursorKey, 'vpc-1', ['listVpnGateways', 'acme'])],
		['another account', encodeCursor(cursorKey, 'vpc-1', ['listVpcs', 'other'])],
		['no JSON', Buffer.from('[').toString('base64url')],
		['another shape', Buffer.from('{"after":"vpc-1"}').toString('base64url')],
		['a number', Buffer.from('[1,"x"]').toString('base64url')],
		['nothing', ''],
		['another key', encodeCursor(new Secret('another'), 'vpc-1', bound)],
		['no seal', Buffer.from('["vpc-1",""]').toString('base64url')],
		[
			'a plain hash, as it was before',
			forged('vpc-2', createHash('sha256').update(JSON.stringify(bound)).digest('base64url').slice(0, 16)),
		],
		['another place under its own seal', forged('vpc-2', sealIn(encodeCursor(cursorKey, 'vpc-1', bound)))],
		['a seal that is cut', forged('vpc-1', sealIn(encodeCursor(cursorKey, 'vpc-1', bound)).slice(0, -2))],
		['a list of three', Buffer.from('["vpc-1","x","y"]').toString('base64url')],
	])('of %s is refused', (_what, cursor) => {
		expect(thrownBy(() => decodeCursor(cursorKey, cursor, bound))).toMatchObject(refused);
	});
});

describe('a page of a list', () => {
	const rows = Array.from({ length: 10 }, (_, n) => n);
	const asked: object[] = [];
	const list = (limit: number, { cursor, keep }: { cursor?: string; keep?: (n: number) => boolean } = {}) => {
		asked.length = 0;
		return listPage<number>({
			keys: { current: async () => cursorKey },
			query: { limit, ...(cursor === undefined ? {} : { cursor }) },
			bound: ['rows'],
			read: async (at) => {
				asked.push(at);
				const from = at.after === undefined ? 0 : Number(at.after) + 1;
				const items = rows.slice(from, from + at.limit);
				const last = items.at(-1);
				return { items, behind: String, ...(last !== undefined && last < 9 ? { next: String(last) } : {}) };
			},
			...(keep === undefined ? {} : { keep }),
			view: (items) => items.map((n) => ({ n })),
		});
	};
	const seen = ({ body }: Awaited<ReturnType<typeof list>>) => {
		const { items, nextCursor } = body as { items: { n: number }[]; nextCursor?: string };
		return { items: items.map(({ n }) => n), ...(nextCursor === undefined ? {} : { nextCursor }) };
	};

	it('is as long as was asked for, and says where it goes on', async () => {
		const first = seen(await list(4));
		expect(first).toEqual({ items: [0, 1, 2, 3], nextCursor: encodeCursor(cursorKey, '3', ['rows']) });
		expect(asked).toEqual([{ limit: 4 }]);

		expect(seen(await list(4, { cursor: first.nextCursor }))).toMatchObject({ items: [4, 5, 6, 7] });
		expect(asked).toEqual([{ limit: 4, after: '3' }]);
		expect(seen(await list(4, { cursor: encodeCursor(cursorKey, '7', ['rows']) }))).toEqual({ items: [8, 9] });
	});

	it('is filled up where rows are left out, and ends with the list', async () => {
		const odd = (n: number) => n % 2 === 1;

		expect(seen(await list(4, { keep: odd }))).toEqual({
			items: [1, 3, 5, 7],
			nextCursor: encodeCursor(cursorKey, '7', ['rows']),
		});
		expect(asked).toEqual([{ limit: 100 }]);
		expect(seen(await list(9, { keep: odd }))).toEqual({ items: [1, 3, 5, 7, 9] });
		expect(seen(await list(4, { keep: () => false }))).toEqual({ items: [] });
	});

	it.each([
		[{}, 50],
		[{ limit: '1' }, 1],
		[{ limit: '100' }, 100],
	])('has of %j the length %i', (query, limit) => {
		expect(PageQuery.parse(query).limit).toBe(limit);
	});

	it.each([{ limit: '0' }, { limit: '101' }, { limit: '1.5' }, { limit: 'x' }, { cursor: 'c'.repeat(2_001) }, { x: '1' }])(
		'cannot be asked for with %j',
		(query) => {
			expect(PageQuery.safeParse(query).success).toBe(false);
		},
	);
});

describe('input that is wrong', () => {
	const schema = z.strictObject({ a: z.string(), 'b/c~d': z.object({ e: z.array(z.int()) }).optional() });
	const refusedBy = (value: unknown) => thrownBy(() => parse(schema, value, 'body'));

	it('is parsed where it is right', () => {
		expect(parse(schema, { a: 'x' }, 'body')).toEqual({ a: 'x' });
	});

	it('is named field by field, as RFC 6901 has it, without its value', () => {
		expect(refusedBy({ a: 7, 'b/c~d': { e: [1, 'secret'] }, x: 1, y: 2 })).toMatchObject({
			kind: 'invalid-request',
			message: expect.stringMatching(/^body: \/a .*, and 3 more$/),
			errors: [
				{ pointer: '/a' },
				{ pointer: '/b~1c~0d/e/1' },
				{ pointer: '/x', detail: 'is not a field of this request' },
				{ pointer: '/y' },
			],
		});
		expect(JSON.stringify(refusedBy({ a: 'x', 'b/c~d': { e: ['secret'] } }))).not.toContain('secret');
	});

	it('is one sentence where there is one field, or none to name', () => {
		expect(refusedBy({})).toMatchObject({ message: expect.stringMatching(/^body: \/a (?!.*more$)/) });
		expect(refusedBy('text')).toMatchObject({
			message: expect.stringMatching(/^body: \w/),
			errors: [{ pointer: '' }],
		});
	});

	it.each([
		['a value that is not there', z.string(), undefined, 'is required'],
		['an object that is not there', z.object({}), undefined, 'is required'],
		['a choice that is not there', z.enum(['up', 'down']), undefined, 'is required'],
		['another kind of value', z.array(z.string()).min(1).max(3), '10.2.0.0/24', 'must be a list'],
		['a text for a number', z.int(), '5', 'must be a number'],
		['a part of a number', z.int(), 5.5, 'must be a whole number'],
		['an unknown choice', z.literal([2, 5, 14]), 1, 'must be one of 2, 5, 14'],
		['an unknown word', z.enum(['up', 'down']), 'sideways', 'must be one of up, down'],
		['an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
		['an empty text', z.string().min(1), '', 'must not be empty'],
		['a short list', z.array(z.string()).min(2), ['a'], 'must have at least 2 entries'],
		['a list that is too long by one', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
		['a long text', z.string().max(3), 'four', 'must have at most 3 characters'],
		['a number that is too small', z.int().min(180), 1, 'must be at least 180'],
		['a number that is too great', z.int().max(3), 4, 'must be at most 3'],
		['no time', z.iso.datetime(), 'soon', 'must be a time such as 2026-11-27T09:00:00Z'],
		['what a schema has words of its own for', z.string().min(8, 'is too weak'), 'x', 'is too weak'],
	])('is told in words: %s', (_, field, value, detail) => {
		expect(thrownBy(() => parse(z.object({ field }), { field: value }, 'body'))).toMatchObject({
			errors: [{ pointer: '/field', detail }],
		});
	});

	it.each([undefined, ''])('is no body at all: %j', (body) => {
		expect(thrownBy(() => parseJson(body))).toMatchObject({
			kind: 'invalid-request',
			message: expect.stringMatching(/^body: .*required/),
			errors: [{ pointer: '', detail: expect.stringContaining('required') }],
		});
	});

	it('is said to be in the path, in the query or in the body', () => {
		const route = { params: schema, query: schema, body: schema } as never;
		const wrong = (event: object) => thrownBy(() => parsedInput(route, { headers: {}, ...event } as never));
		const right = { a: 'x' };

		expect(wrong({})).toMatchObject({ message: expect.stringMatching(/^path: /) });
		expect(wrong({ pathParameters: right })).toMatchObject({ message: expect.stringMatching(/^query: /) });
		const both = { pathParameters: right, queryStringParameters: right };
		expect(wrong({ ...both, body: '{}' })).toMatchObject({ message: expect.stringMatching(/^body: /) });
	});

	it('may come in base64, as API Gateway hands on what it takes for no text', () => {
		const route = { body: schema } as never;
		const event = { headers: { 'if-match': '"3"' }, body: Buffer.from('{"a":"ü"}').toString('base64'), isBase64Encoded: true };

		expect(parsedInput(route, event as never)).toEqual({ params: undefined, query: undefined, body: { a: 'ü' }, ifMatch: '"3"' });
		expect(thrownBy(() => parsedInput(route, { ...event, isBase64Encoded: false } as never))).toMatchObject({
			kind: 'invalid-request',
		});
	});

	it('is a body that is no JSON', () => {
		expect(thrownBy(() => parseJson('{'))).toMatchObject({
			kind: 'invalid-request',
			message: expect.stringMatching(/^body: .*JSON/),
			errors: [{ pointer: '', detail: expect.stringContaining('JSON') }],
		});
		expect(parseJson('{"a":1}')).toEqual({ a: 1 });
	});
});

describe('a problem', () => {
	it('has its status and its title, as on the golden page', async () => {
		const page = Object.entries(problems).map(([kind, { status, title }]): [string, string] => [kind, `${status} ${title}`]);

		await expect(goldenPage(page)).toMatchFileSnapshot('../golden/problems.txt');
	});

	const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
	const bodyOf = (error: unknown) => {
		const { status, headers: given, body = '' } = problemReply(error, 'req-7');
		return { status, headers: given, body: JSON.parse(body) };
	};

	it('says what was wrong, and where if anywhere', () => {
		const type = 'urn:s2s-vpn:problem:in-use';
		const { status, title } = problems['in-use'];
		const errors = [{ pointer: '/x', detail: 'is in use' }];

		expect(bodyOf(new ProblemError('in-use', 'it is in use'))).toEqual({
			status,
			headers,
			body: { type, title, status, detail: 'it is in use' },
		});
		expect(bodyOf(new ProblemError('in-use', 'it is in use', errors)).body).toEqual({
			type,
			title,
			status,
			detail: 'it is in use',
			errors,
		});
	});

	it('of ours says the id of the request, and nothing else', () => {
		expect(bodyOf(new Error('the table is on fire'))).toEqual({
			status: 500,
			headers,
			body: {
				type: 'urn:s2s-vpn:problem:internal',
				title: 'Internal error',
				status: 500,
				detail: expect.stringMatching(/req-7/),
			},
		});
		expect(JSON.stringify(bodyOf(new Error('the table is on fire')))).not.toContain('fire');
	});
});

describe('an entity', () => {
	it('goes out with its version as its ETag, and another status where one is given', () => {
		expect(entity({ version: 3, x: 1 })).toEqual({ body: { version: 3, x: 1 }, headers: { etag: '"3"' } });
		expect(entity({ version: 3 }, 202)).toEqual({ body: { version: 3 }, headers: { etag: '"3"' }, status: 202 });
	});
});
