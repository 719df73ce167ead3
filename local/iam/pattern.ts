import { type Context, valuesOf } from './context.ts';

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * A text of a policy as an expression: `*` is any text, `?` one character, `${key}` the key's value, whose own wildcards are plain
 * text. Undefined where a variable has no value, or several: then nothing matches it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const expressionOf = (pattern: string, context: Context, { wildcards = true } = {}): string | undefined => {
	let expression = '';
	for (const [token] of pattern.matchAll(/\$\{[^}]*\}|[*?]|[^*?$]+|\$/g)) {
		if (token === '*' || token === '?') {
			if (wildcards) expression += token === '*' ? '.*' : '.';
			else expression += escaped(token);
		} else if (/^\$\{[*?$]\}$/.test(token)) expression += escaped(token.charAt(2));
		else if (token.startsWith('${')) {
			const value = variable(token.slice(2, -1), context);
			if (value === undefined) return undefined;
			expression += escaped(value);
		} else expression += escaped(token);
	}
	return expression;
};

const variable = (inside: string, context: Context): string | undefined => {
	const [, key = '', otherwise] = /^\s*([^,]*?)\s*(?:,\s*'([^']*)')?\s*$/.exec(inside) ?? [];
	const [value, another] = valuesOf(context, key) ?? [];
	if (another !== undefined) return undefined;
	return value ?? otherwise;
};

export const isResolved = (pattern: string, context: Context): boolean => expressionOf(pattern, context) !== undefined;

type Reading = { wildcards?: boolean; ignoreCase?: boolean };

export const matches = (pattern: string, text: string, context: Context, { wildcards, ignoreCase }: Reading = {}): boolean => {
	const expression = expressionOf(pattern, context, { wildcards: wildcards ?? true });
	return expression !== undefined && new RegExp(`^${expression}$`, ignoreCase ? 'is' : 's').test(text);
};

/** Each of the six parts by itself: a wildcard of one reaches into no other. */
export const matchesArn = (pattern: string, arn: string, context: Context): boolean => {
	const wanted = sixOf(pattern.split(':'));
	const given = sixOf(arn.split(':'));
	return given.length === 6 && wanted.length === 6 && wanted.every((part, n) => matches(part, given[n] ?? '', context));
};

const sixOf = (parts: string[]): string[] => (parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]);
