import * as z from 'zod';

/** A field that a row may be given some day. */
export const unseen = 'unseenField';

/** A schema with one more field in each object that it stores; what is strict is a request, and stays. */
const widened = (schema: z.ZodType): z.ZodType => {
	if (schema instanceof z.ZodObject && schema.def.catchall === undefined) {
		const fields = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, one]) => [name, widened(one)]);
		return z.object({ ...Object.fromEntries(fields), [unseen]: z.string().optional() });
	}
	if (schema instanceof z.ZodOptional) return widened(schema.unwrap() as z.ZodType).optional();
	if (schema instanceof z.ZodArray) {
		const element = schema.element as z.ZodType;
		return element instanceof z.ZodObject ? z.array(widened(element)) : schema;
	}
	return schema;
};

/** A module of the model, as it is once each row has a field more. */
export const widenedModule = (module: object): object =>
	Object.fromEntries(Object.entries(module).map(([name, one]) => [name, one instanceof z.ZodType ? widened(one) : one]));

/** A row with the field in each object of it, but for the shapes that users send. */
export const grown = <T>(value: T, strict: readonly string[] = []): T => {
	if (Array.isArray(value)) return value.map((one) => grown(one, strict)) as T;
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.entries(value).map(([name, one]) => [name, strict.includes(name) ? one : grown(one, strict)]);
	return { ...Object.fromEntries(fields), [unseen]: 'not for users' } as T;
};
