import { type Context, valuesOf } from './context.ts';
import { matches, matchesArn } from './pattern.ts';
import { type BaseOperator, type Test, UnknownPolicy } from './policy.ts';

type Compare = (wanted: string, given: string, context: Context) => boolean;

const compare: Record<Exclude<BaseOperator, 'Null'>, Compare> = {
	StringEquals: (wanted, given, context) => matches(wanted, given, context, { wildcards: false }),
	StringEqualsIgnoreCase: (wanted, given, context) => matches(wanted, given, context, { wildcards: false, ignoreCase: true }),
	StringLike: (wanted, given, context) => matches(wanted, given, context),
	// The two are alike: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
	ArnEquals: matchesArn,
	ArnLike: matchesArn,
	Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
};

/**
 * Whether one key of a condition holds. A key without a value fails all that ask for one, and meets those that only say what it must
 * not be: `StringNotEquals` holds where there is nothing.
 */
export const holds = ({ key, values, operator }: Test, context: Context): boolean => {
	const given = valuesOf(context, key);
	const { base, negated, ifExists, set } = operator;
	if (base === 'Null') return values.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
	if (given === undefined || given.length === 0) return set === undefined ? negated || ifExists : set === 'ForAllValues';
	const meets = (value: string) => values.some((wanted) => compare[base](wanted, value, context)) !== negated;
	if (set === 'ForAnyValue') return given.some(meets);
	if (set === 'ForAllValues') return given.every(meets);
	const [value, another] = given;
	if (value === undefined || another !== undefined) throw new UnknownPolicy(`${key} has several values and ${base} asks for one`);
	return meets(value);
};
