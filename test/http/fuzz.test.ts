import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../functions/http/openapi.ts';
import { acme, admin, apiCaller, type Who } from '../support/api-caller.ts';
import { atLength } from '../support/at-length.ts';
import { attackTally } from '../support/attack-tally.ts';
import { arbitraryOf, type Hints, type Schema, spoilt, wild } from '../support/fuzz/schema-arbitrary.ts';
import { aWorld, runLoops, stateOf } from '../support/fuzz/world.ts';

type Operation = {
	operationId: string;
	security?: object[];
	parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }[];
	requestBody?: { content: { 'application/json': { schema: Schema } } };
	responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};
const document = openApi() as { paths: Record<string, Record<string, Operation>>; components: object };
const operations = Object.entries(document.paths)
	.flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
	)
	.filter(({ operation }) => operation.security?.length !== 0);

const operationOf = new Map(operations.map(({ route, operation }) => [route, operation]));

/** Stands for one of the ids that there are when the request is made, which are random. */
const idOf = (kind: string) => fc.nat({ max: 5 }).map((n) => `@${kind}:${n}`);
const octet = fc.nat({ max: 12 });

/** An id of the kind that the pattern asks for. */
const known = ({ pattern = '' }: Schema): fc.Arbitrary<unknown> | undefined => {
	const kind = /^\^(vpc|vgw|cgw|vpnc|sub)-/.exec(pattern)?.[1];
	return kind === undefined ? undefined : idOf(kind);
};

/** With these a request gets past the schemas, to what lies behind. */
const hints: Hints = {
	known,
	named: {
		accountId: fc.constantFrom('acme', 'acme', 'acme', 'globex'),
		networkId: fc.constantFrom('n', 'other'),
		name: fc.constantFrom('office 2', 'office 3', 'branch', 'b'.repeat(255)),
		cidr: octet.map((n) => `10.${n}.0.0/16`),
		gateway: fc.oneof(
			octet.map((n) => `192.0.2.${n}`),
			fc.constant('any'),
		),
		publicIp: octet.map((n) => `192.0.2.${n}`),
		ip: octet.map((n) => `192.0.2.${n}`),
		remoteCidrs: fc.uniqueArray(octet, { minLength: 1, maxLength: 3 }).map((all) => all.map((n) => `10.${n}.0.0/24`)),
		publicIps: octet.map((n) => [{ ip: `192.0.2.${n}`, sourceNat: true }]),
		psk: fc.constantFrom('secret number 77', 'correct horse battery staple'),
		limit: fc.integer({ min: 1, max: 100 }),
		lifetimeSeconds: fc.constantFrom(180, 3_600, 86_400),
		'If-Match': fc.constantFrom('"1"', '"2"'),
		protocol: fc.constantFrom('email', 'email', 'sms'),
		endpoint: fc.constantFrom('ops@example.com', 'noc@example.com', '+4915112345678'),
		'Idempotency-Key': fc.constantFrom('one', 'two'),
	},
};

const anyCaller: fc.Arbitrary<Who> = fc.oneof(
	{ arbitrary: fc.constantFrom(acme, admin), weight: 4 },
	fc.constantFrom<Who>({ account: 'globex' }, {}, { account: 'acme', groups: ['admin'] }),
);

type Request = {
	route: string;
	who: Who;
	params: Record<string, unknown>;
	query: Record<string, unknown>;
	headers: Record<string, unknown>;
	body: unknown;
};

const requestOf = ({ route, operation }: (typeof operations)[number]): fc.Arbitrary<Request> => {
	const given = (where: string) => {
		const parameters = operation.parameters.filter((one) => one.in === where);
		return fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, arbitraryOf(schema, hints, name)])), {
			requiredKeys: where === 'path' ? parameters.map(({ name }) => name) : [],
		});
	};
	const schema = operation.requestBody?.content['application/json'].schema;
	const request = fc.record({
		route: fc.constant(route),
		who: anyCaller,
		params: given('path'),
		query: given('query'),
		headers: given('header'),
		body: schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, hints),
	});
	const spot = fc.tuple(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }), wild);
	const parts = ['body', 'query', 'params'] as const;
	return fc.oneof(
		{ arbitrary: request, weight: 6 },
		{
			arbitrary: fc
				.tuple(request, fc.constantFrom(...parts), spot)
				.map(([one, part, at]) => (one[part] === undefined ? one : { ...one, [part]: spoilt(one[part], at) })),
			weight: 2,
		},
		{ arbitrary: fc.tuple(request, wild).map(([one, body]) => ({ ...one, body })), weight: 1 },
	);
};
/** Those that change something more often: what they leave is what the others meet. */
const anyRequest = fc.oneof(
	...operations.map((one) => ({ arbitrary: requestOf(one), weight: one.operation.requestBody === undefined ? 1 : 4 })),
);
const step = fc.oneof({ arbitrary: anyRequest, weight: 12 }, { arbitrary: fc.constant('loops' as const), weight: 1 });

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'document', ...document });
const validators = new Map<string, ValidateFunction | undefined>();
/** What the document says of an answer with this status; undefined if it says that there is nothing in it. */
const described = ({ operationId, responses }: Operation, status: number): ValidateFunction | undefined | 'not' => {
	const key = status >= 400 ? 'default' : String(status);
	const response = responses[key];
	if (response === undefined) return 'not';
	const at = `${operationId} ${key}`;
	if (!validators.has(at)) {
		const schema = Object.values(response.content ?? {})[0]?.schema;
		// What is not in the body of the document is found from its root.
		const rooted = schema && JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
		validators.set(at, rooted && ajv.compile(rooted));
	}
	return validators.get(at);
};

/** API Gateway hands on texts alone. */
const texts = (values: unknown): Record<string, string> =>
	typeof values !== 'object' || values === null
		? {}
		: Object.fromEntries(
				Object.entries(values)
					.filter(([, value]) => value !== undefined)
					.map(([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
			);

/** As API Gateway writes the names of headers. */
const lowerCased = (headers: Record<string, string>) =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe('the API under any requests', () => {
	// About nine requests each: 100,000 in the long run.
	const runs = atLength ? 11_500 : 180;
	it(`answers as its document says, never with a fault of ours, and changes nothing that it refuses (${runs} worlds)`, async () => {
		const tally = attackTally('fuzzed requests');
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }), async (steps) => {
				const world = await aWorld();
				const call = apiCaller(world.ports);
				const faults: unknown[] = [];
				world.ports.log.error = (...line) => void faults.push(line);
				const named = (text: string): string =>
					text.replace(/^@(\w+):(\d)$/, (whole, kind: string, n: string) => {
						const { rows } = world.seen.kept;
						const ids = [
							...Object.values(rows).flatMap((table) => [...table.keys()]),
							...world.seen.subscribed.map(({ id }) => id),
						];
						const those = ids.filter((id) => id.startsWith(`${kind}-`));
						return those[Number(n) % Math.max(1, those.length)] ?? whole;
					});
				const real = <T>(value: T): T =>
					JSON.parse(JSON.stringify(value ?? null), (_, one) => (typeof one === 'string' ? named(one) : one)) ?? undefined;
				for (const one of steps) {
					if (one === 'loops') {
						await runLoops(world);
						continue;
					}
					const { route, who } = one;
					const operation = operationOf.get(route);
					if (operation === undefined) throw new Error(`no route ${route}`);
					const request = {
						who,
						query: texts(real(one.query)),
						headers: lowerCased(texts(real(one.headers))),
						body: real(one.body),
					};
					const params = texts(real(one.params));
					const before = stateOf(world);

					const { status, body } = await call(route, request, params);

					tally.count(status ?? 0);
					const what = `${status} ${JSON.stringify(body)?.slice(0, 600)} of ${route} ${JSON.stringify({ ...request, params })?.slice(0, 1_500)}`;
					if (status === undefined || (status >= 500 && status !== 504))
						throw new Error(
							`a fault: ${what} ${String((faults[0] as [string, { error: Error }] | undefined)?.[1].error?.stack)}`,
						);
					const schema = described(operation, status);
					if (schema === 'not') throw new Error(`not in the document: ${what}`);
					if (schema === undefined ? body !== null : !schema(body))
						throw new Error(`not as the document says: ${ajv.errorsText(schema?.errors)}: ${what}`);
					if (status >= 400 && stateOf(world) !== before) throw new Error(`refused, and changed something: ${what}`);
				}
			}),
			{ numRuns: runs, endOnFailure: !atLength },
		);
		tally.print();
		if (atLength) expect(tally.made).toBeGreaterThanOrEqual(100_000);
		for (const status of [200, 201, 202, 400, 404]) expect(tally.of(status)).toBeGreaterThan(0);
	}, 3_600_000);
});
