import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Route } from '../../functions/http/chain/route.ts';
import { routes } from '../../functions/http/routes.ts';
import { admin, apiCaller } from '../support/api-caller.ts';
import { processorMs } from '../support/attack-tally.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';

type Schema = {
	type?: string;
	format?: string;
	pattern?: string;
	enum?: unknown[];
	const?: unknown;
	maxItems?: number;
	maxLength?: number;
	items?: Schema;
	properties?: Record<string, Schema>;
	additionalProperties?: Schema | boolean;
	anyOf?: Schema[];
	allOf?: Schema[];
};

/** A repeat without an end, outside brackets and not escaped. */
const isEndless = (pattern: string): boolean =>
	/[*+]|\{\d+,\}/.test(pattern.replace(/\\./g, 'x').replace(/\[(?:\^?\])?[^\]]*\]/g, 'x'));
const bounded = ['ipv4', 'cidrv4'];

/** Where a client may send as much as it likes. */
const boundless = (schema: Schema, at: string): string[] => {
	const inner = [
		...Object.entries(schema.properties ?? {}).map(([name, one]): [string, Schema] => [`${at}/${name}`, one]),
		...(schema.items === undefined ? [] : [[`${at}/*`, schema.items] as [string, Schema]]),
		...(typeof schema.additionalProperties === 'object' ? [[`${at}/{}`, schema.additionalProperties] as [string, Schema]] : []),
		...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].map((one): [string, Schema] => [at, one]),
	];
	const itself =
		(schema.type === 'array' && schema.maxItems === undefined) ||
		(schema.type === 'object' && schema.additionalProperties !== false && schema.properties !== undefined) ||
		(schema.type === 'string' &&
			schema.maxLength === undefined &&
			schema.enum === undefined &&
			schema.const === undefined &&
			!bounded.includes(schema.format ?? '') &&
			(schema.pattern === undefined || isEndless(schema.pattern)));
	return [...(itself ? [at] : []), ...inner.flatMap(([where, one]) => boundless(one, where))];
};

let memory: MemoryPorts;
beforeEach(() => {
	memory = memoryPorts();
});

describe('what a request may hold', () => {
	const withInput = (routes as readonly Route[]).filter(({ body, query }) => body !== undefined || query !== undefined);

	it.each(withInput.map((route) => [route.id, route] as const))('is limited everywhere in %s', (id, { body, query }) => {
		const schemas = [body, query].flatMap((one) => one ?? []);
		const open = schemas.flatMap((one) => boundless(z.toJSONSchema(one, { io: 'input', unrepresentable: 'any' }) as Schema, id));

		expect(open).toEqual([]);
	});

	it.each<[string, Schema, string[]]>([
		['a list without an end', { type: 'array', items: { type: 'string', maxLength: 3 } }, ['x']],
		['a text without an end', { type: 'string' }, ['x']],
		['a text of a pattern without an end', { type: 'string', pattern: '^[a-z]+$' }, ['x']],
		['a text of a pattern with an end', { type: 'string', pattern: '^[a-z*+]{1,3}\\+$' }, []],
		['fields of any name', { type: 'object', properties: {}, additionalProperties: {} }, ['x']],
		[
			'what is without an end far inside',
			{ type: 'object', properties: { a: { anyOf: [{ type: 'string' }] } }, additionalProperties: false },
			['x/a'],
		],
	])('is looked at as a whole: %s', (_what, schema, found) => {
		expect(boundless(schema, 'x')).toEqual(found);
	});
});

describe('the body of a request', () => {
	const most = 65_536;
	const put = (body: string) => apiCaller(memory.ports)('PUT /v1/accounts/{id}', { who: admin, body }, { id: 'acme' });
	const padded = (bytes: number) => '{"name":"ü"}'.padEnd(bytes - 1, ' ');

	it('has 64 KiB at most, counted in bytes, and is told how to go on', async () => {
		expect((await put(padded(most))).status).toBe(200);

		const { status, body } = await put(padded(most + 1));
		expect([status, body.type]).toEqual([413, 'urn:s2s-vpn:problem:request-too-large']);
		expect(body.detail).toMatch(/65,537 bytes; send at most 65,536/);
	});

	it('is measured before anything is read of it', async () => {
		const { status } = await put('x'.repeat(most + 1));

		expect(status).toBe(413);
	});

	it('is as large as it is in base64, once it is decoded', async () => {
		const { parsedInput } = await import('../../functions/http/chain/parsed-input.ts');
		const route = { body: z.object({}), path: '/x' } as unknown as Route;
		const event = (bytes: number) => ({
			headers: {},
			body: Buffer.from('{}'.padEnd(bytes, ' ')).toString('base64'),
			isBase64Encoded: true,
		});

		expect(() => parsedInput(route, event(most + 1) as never)).toThrow(/at most 65,536/);
		expect(parsedInput(route, event(most) as never).body).toEqual({});
	});

	it('of nothing but unknown fields is refused in a time that grows with it, and a hundred of them are named', async () => {
		const call = apiCaller(memory.ports);
		const check = async (fields: number) => {
			const body = `{${Array.from({ length: fields }, (_, n) => `"${n}":0`).join(',')}}`;
			const begin = processorMs();
			const answer = await call('POST /v1/vpn-connections/{id}/peer-check', { body }, { id: 'vpnc-0123456789abcdef0' });
			return { ms: processorMs() - begin, ...answer };
		};
		await check(1_000);
		const few = await check(5_000);

		const many = await check(100_000);

		expect(many.ms / Math.max(few.ms, 20)).toBeLessThan(60);
		expect([many.status, many.body.errors.length]).toEqual([400, 100]);
		expect(many.body.detail).toMatch(/, and 100001 more$/);
	});

	it('of a peer check holds any text of a device that may be sent, whatever signs it is escaped with', async () => {
		const text = '\\u00fc'.repeat(200_000);
		const check = (body: string) =>
			apiCaller(memory.ports)('POST /v1/vpn-connections/{id}/peer-check', { body }, { id: 'vpnc-0123456789abcdef0' });

		expect((await check(`{"device":"ios-12.4","text":"${text}"}`)).status).toBe(404);
		expect((await check(`{"device":"ios-12.4","text":"${text}${text}"}`)).status).toBe(413);
	});
});
