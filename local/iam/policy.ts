import * as z from 'zod';

const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
/** CloudFormation hands booleans on as they are; IAM reads them as text. */
const Values = z
	.union([z.union([z.string(), z.boolean()]), z.array(z.union([z.string(), z.boolean()]))])
	.transform((given) => [given].flat().map(String));
const Principals = z.union([
	z.literal('*').transform(() => ({ AWS: ['*'], Service: [] as string[] })),
	z.strictObject({ AWS: Texts.default([]), Service: Texts.default([]) }),
]);
const Statement = z.strictObject({
	Sid: z.string().optional(),
	Effect: z.enum(['Allow', 'Deny']),
	Principal: Principals.optional(),
	Action: Texts.optional(),
	NotAction: Texts.optional(),
	Resource: Texts.optional(),
	NotResource: Texts.optional(),
	Condition: z.record(z.string(), z.record(z.string(), Values)).optional(),
});
const Document = z.strictObject({
	// Policy variables are plain text in the older version.
	Version: z.literal('2012-10-17'),
	Id: z.string().optional(),
	Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
});

export type Test = { key: string; values: readonly string[]; operator: Operator };
export type Operator = {
	base: BaseOperator;
	negated: boolean;
	ifExists: boolean;
	set?: 'ForAnyValue' | 'ForAllValues';
};
const baseOperators = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool', 'Null'] as const;
export type BaseOperator = (typeof baseOperators)[number];

export type Statement = {
	sid: string;
	effect: 'Allow' | 'Deny';
	/** Of a resource's policy alone. */
	principals?: { AWS: readonly string[]; Service: readonly string[] };
	actions: { not: boolean; patterns: readonly string[] };
	resources: { not: boolean; patterns: readonly string[] };
	tests: readonly Test[];
};
export type Policy = { name: string; statements: readonly Statement[] };

/** A policy says what the evaluator does not know: nothing may be decided by it. */
export class UnknownPolicy extends Error {}

/** Reads a policy whole, before anything is decided by it. Throws UnknownPolicy at an element or operator that it does not know. */
export const readPolicy = (name: string, document: unknown, attachedTo: 'identity' | 'resource'): Policy => {
	const parsed = Document.safeParse(document);
	if (!parsed.success) throw new UnknownPolicy(`${name}: ${z.prettifyError(parsed.error)}`);
	return {
		name,
		statements: parsed.data.Statement.map(({ Sid, Effect, Principal, Condition = {}, ...one }, n) => {
			const at = `${name}[${Sid ?? n}]`;
			if ((Principal !== undefined) !== (attachedTo === 'resource')) {
				throw new UnknownPolicy(
					`${at}: the policy of ${attachedTo === 'resource' ? 'a resource names' : 'an identity names no'} principals`,
				);
			}
			return {
				sid: Sid ?? String(n),
				effect: Effect,
				...(Principal === undefined ? {} : { principals: Principal }),
				actions: eitherOf(at, 'Action', one.Action, one.NotAction),
				resources: resourcesOf(at, eitherOf(at, 'Resource', one.Resource, one.NotResource)),
				tests: Object.entries(Condition).flatMap(([operator, keys]) =>
					Object.entries(keys).map(([key, values]) => ({ key, values, operator: operatorOf(at, operator) })),
				),
			};
		}),
	};
};

const eitherOf = (at: string, element: string, given: string[] | undefined, not: string[] | undefined) => {
	if ((given === undefined) === (not === undefined))
		throw new UnknownPolicy(`${at}: ${element} or Not${element}, one of the two`);
	return { not: not !== undefined, patterns: given ?? not ?? [] };
};

/** IAM takes shortened ARNs as well, which it completes by rules of its own; a variable may stand in the last part alone. */
const resourcesOf = (at: string, resources: Statement['resources']): Statement['resources'] => {
	const strange = resources.patterns.find((pattern) => pattern !== '*' && !/^arn:([^:$]*:){4}./.test(pattern));
	if (strange !== undefined) throw new UnknownPolicy(`${at}: ${strange} is no whole ARN`);
	return resources;
};

const operatorOf = (at: string, written: string): Operator => {
	const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
	const positive = name.replace(/^(String|Arn)Not/, '$1');
	const base = baseOperators.find((one) => one === positive);
	// What `IfExists` adds to an operator of sets is written nowhere.
	const modifiers = [set, ifExists, base === 'Null' || undefined].filter((one) => one !== undefined);
	if (base === undefined || modifiers.length > 1) {
		throw new UnknownPolicy(`${at}: unknown condition operator ${written}`);
	}
	return {
		base,
		negated: name !== positive,
		ifExists: ifExists !== undefined,
		...(set === undefined ? {} : { set: set as 'ForAnyValue' | 'ForAllValues' }),
	};
};
