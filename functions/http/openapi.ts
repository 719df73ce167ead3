import * as z from 'zod';
import { mostBytesOfBody } from './chain/parsed-input.ts';
import { problems, problemType } from './chain/problems.ts';
import { type Route, takesKey, takesVersion } from './chain/route.ts';
import { routes } from './routes.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): object => {
	const { $schema: _unused, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
	return rest;
};

const parametersOf = (schema: z.ZodType | undefined, where: 'path' | 'query'): object[] => {
	if (schema === undefined) return [];
	const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
		properties?: Record<string, object>;
		required?: string[];
	};
	return Object.entries(properties).map(([name, one]) => ({
		name,
		in: where,
		required: where === 'path' || required.includes(name),
		schema: one,
	}));
};

const problemReply = (description: string) => ({
	description,
	content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const answerOf = ({ summary, reply }: Route): object => ({
	description: summary,
	...(reply === undefined ? {} : { content: { 'application/json': { schema: schemaOf(reply, 'output') } } }),
});

const operationOf = (route: Route): object => ({
	operationId: route.id,
	summary: route.summary,
	...(route.who === 'anyone' ? { security: [] } : {}),
	parameters: [
		...parametersOf(route.params, 'path'),
		...parametersOf(route.query, 'query'),
		...(takesKey(route)
			? [
					{
						name: 'Idempotency-Key',
						in: 'header',
						required: false,
						schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
					},
				]
			: []),
		...(takesVersion(route) ? [{ name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } }] : []),
	],
	...(route.body === undefined
		? {}
		: {
				requestBody: {
					description: `At most ${route.mostBytes ?? mostBytesOfBody} bytes.`,
					required: true,
					content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
				},
			}),
	responses: {
		[route.status]: answerOf(route),
		...(route.mayPend ? { 202: answerOf(route) } : {}),
		default: problemReply(
			'A problem (RFC 9457). 401, 429 and 503, and 413 beyond 10 MB, come from API Gateway itself as {"message": …}.',
		),
	},
});

/** The API as OpenAPI 3.1, built from the schemas that validate the requests. */
export const openApi = (): object => {
	const paths: Record<string, Record<string, object>> = {};
	for (const route of routes) {
		const at = paths[route.path] ?? {};
		at[route.method.toLowerCase()] = operationOf(route);
		paths[route.path] = at;
	}
	return {
		openapi: '3.1.0',
		info: { title: 's2s-vpn', version: '1', description: 'Site-to-site IPsec VPN for VPC routers.' },
		security: [{ jwt: [] }],
		paths,
		components: {
			securitySchemes: { jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
			schemas: {
				Problem: {
					type: 'object',
					required: ['type', 'title', 'status'],
					properties: {
						type: { type: 'string', enum: [...Object.keys(problems), 'internal'].map(problemType) },
						title: { type: 'string' },
						status: { type: 'integer' },
						detail: { type: 'string' },
						errors: {
							type: 'array',
							items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
						},
					},
				},
			},
		},
	};
};
