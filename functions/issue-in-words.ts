import * as z from 'zod';

const kinds: Record<string, string> = {
	object: 'an object',
	record: 'an object',
	array: 'a list',
	string: 'a text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
};

const sizes: Record<string, { one: string; many: string }> = {
	string: { one: 'character', many: 'characters' },
	array: { one: 'entry', many: 'entries' },
};

/** `1 entry`, `3 characters`; undefined for what has no size. */
const sizeOf = (origin: string, count: number | bigint): string | undefined => {
	const size = sizes[origin];
	return size === undefined ? undefined : `${count} ${Number(count) === 1 ? size.one : size.many}`;
};

/** ` with host`, of an object whose fields are known. */
const fieldsOf = (schema: unknown): string =>
	schema instanceof z.ZodObject ? ` with ${Object.keys(schema.shape).join(', ')}` : '';

/** A query has a blank where its writer left the + of an offset as it is. */
const lostPlus = (given: unknown): string =>
	/T[\d:.]+ \d\d:\d\d$/.test(String(given)) ? '; the + of an offset is %2B in a query' : '';

/** What a schema asks for that says nothing of its own, in the words of its user. Undefined leaves zod's words. */
export const issueInWords: z.core.$ZodErrorMap = (issue) => {
	switch (issue.code) {
		case 'invalid_type':
			if (issue.input === undefined) return 'is required';
			return `must be ${kinds[issue.expected] ?? issue.expected}${fieldsOf(issue.inst)}`;
		case 'invalid_value':
			return issue.input === undefined ? 'is required' : `must be one of ${issue.values.map(String).join(', ')}`;
		case 'too_small': {
			const size = sizeOf(issue.origin, issue.minimum);
			if (size !== undefined && Number(issue.minimum) === 1) return 'must not be empty';
			return size === undefined ? `must be at least ${issue.minimum}` : `must have at least ${size}`;
		}
		case 'too_big': {
			const size = sizeOf(issue.origin, issue.maximum);
			return size === undefined ? `must be at most ${issue.maximum}` : `must have at most ${size}`;
		}
		case 'unrecognized_keys':
			return 'is not a field of this request';
		case 'invalid_union':
			if (!('options' in issue) || !Array.isArray(issue.options)) return undefined;
			return `must be one of ${issue.options.map(String).join(', ')}`;
		case 'invalid_format':
			return issue.format === 'datetime' ? `must be a time such as 2026-11-27T09:00:00Z${lostPlus(issue.input)}` : undefined;
		default:
			return undefined;
	}
};

/** As `issueInWords`, for who writes a file or a setting: there is no request, and the names that are known are told. */
export const issueInOperatorsWords: z.core.$ZodErrorMap = (issue) => {
	if (issue.code !== 'unrecognized_keys' || !(issue.inst instanceof z.ZodObject)) return issueInWords(issue);
	const known = Object.keys(issue.inst.shape).join(', ');
	return `${issue.keys.join(', ')} ${issue.keys.length > 1 ? 'are' : 'is'} not known here: the names are ${known}`;
};
