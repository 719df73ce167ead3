import fc from 'fast-check';
import { anyText } from '../arbitraries.ts';

/** As far as our own document goes; an element that is not known here throws, so that nothing goes unfuzzed in silence. */
export type Schema = {
	type?: string | string[];
	properties?: Record<string, Schema>;
	required?: string[];
	additionalProperties?: boolean | Schema;
	propertyNames?: Schema;
	items?: Schema;
	enum?: unknown[];
	const?: unknown;
	anyOf?: Schema[];
	oneOf?: Schema[];
	allOf?: Schema[];
	pattern?: string;
	format?: string;
	minLength?: number;
	maxLength?: number;
	minItems?: number;
	maxItems?: number;
	minimum?: number;
	maximum?: number;
};

/** What to send where a schema alone says too little for a request to be taken: by its own look, and by the name of the field. */
export type Hints = { known(schema: Schema): fc.Arbitrary<unknown> | undefined; named: Record<string, fc.Arbitrary<unknown>> };

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

/** What no client means to send. */
export const wild: fc.Arbitrary<unknown> = fc.oneof(
	{ arbitrary: anyText({ maxLength: 40 }), weight: 4 },
	fc.integer(),
	fc.double(),
	fc.constantFrom<unknown>(
		null,
		true,
		[],
		{},
		'',
		' ',
		'__proto__',
		'constructor',
		'../../x',
		'a\u2028b',
		'\u001b[31m',
		'\ud800',
		'9'.repeat(400),
		'x'.repeat(5_000),
		Number.MAX_SAFE_INTEGER + 1,
		-0,
		[[null]],
		{ length: 1 },
	),
	fc.constant(deep(200)),
);

/** What the schema allows, and, at any place, what it does not. */
export const arbitraryOf = (schema: Schema, hints: Hints, name = ''): fc.Arbitrary<unknown> => {
	const hint = hints.named[name] ?? hints.known(schema);
	const meant = kindOf(schema, hints, name);
	return hint === undefined ? meant : fc.oneof({ arbitrary: hint, weight: 15 }, { arbitrary: meant, weight: 1 });
};

const kindOf = (schema: Schema, hints: Hints, name: string): fc.Arbitrary<unknown> => {
	if ('const' in schema) return fc.constant(schema.const);
	if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
	const choices = schema.anyOf ?? schema.oneOf;
	if (choices !== undefined) return fc.oneof(...choices.map((one) => arbitraryOf(one, hints, name)));
	if (schema.allOf !== undefined) return arbitraryOf(Object.assign({}, ...schema.allOf), hints, name);
	const types = [schema.type ?? []].flat();
	if (types.length > 1) return fc.oneof(...types.map((type) => kindOf({ ...schema, type }, hints, name)));
	switch (types[0]) {
		case 'string':
			return textOf(schema);
		case 'number':
		case 'integer':
			return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000_000 });
		case 'boolean':
			return fc.boolean();
		case 'null':
			return fc.constant(null);
		case 'array': {
			const items = arbitraryOf(schema.items ?? {}, hints, name);
			return fc.array(items, { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
		}
		case 'object':
			return objectOf(schema, hints);
		case undefined:
			return wild;
		default:
			throw new Error(`a schema of type ${types[0]}`);
	}
};

const textOf = ({ pattern, format, minLength = 0, maxLength }: Schema): fc.Arbitrary<string> => {
	if (format === 'date-time')
		return fc
			.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
			.map((date) => date.toISOString());
	if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { maxLength: 80 });
	return anyText({ minLength, maxLength: Math.min(maxLength ?? 60, 300) });
};

const objectOf = ({ properties = {}, required = [], additionalProperties }: Schema, hints: Hints): fc.Arbitrary<unknown> => {
	const known = fc.record(
		Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema, hints, name)])),
		{ requiredKeys: required },
	);
	if (typeof additionalProperties !== 'object') return known;
	const more = fc.dictionary(anyText({ maxLength: 20 }), arbitraryOf(additionalProperties, hints), { maxKeys: 5 });
	return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
};

/** The value, or the value with something wild in one place of it. */
export const spoilt = (value: unknown, [where, what]: [number[], unknown]): unknown => {
	const [step, ...rest] = where;
	if (step === undefined || typeof value !== 'object' || value === null) return what;
	const keys = Object.keys(value);
	// One more than there are: a field that nobody knows.
	const key = keys[step % (keys.length + 1)] ?? (Array.isArray(value) ? String(keys.length) : 'unknown');
	const old = (value as Record<string, unknown>)[key];
	const next = rest.length === 0 ? what : spoilt(old, [rest, what]);
	return Array.isArray(value) ? Object.assign([...value], { [key]: next }) : { ...value, [key]: next };
};
