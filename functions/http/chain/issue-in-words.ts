import type * as z from 'zod';

const kinds: Record<string, string> = {
	object: 'an object',
	array: 'a list',
	string: 'a text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
};

const sizes: Record<string, string> = { string: 'characters', array: 'entries' };

/** What a schema asks for that says nothing of its own, in the words of an API's user. Undefined leaves zod's words. */
export const issueInWords: z.core.$ZodErrorMap = (issue) => {
	switch (issue.code) {
		case 'invalid_type':
			return issue.input === undefined ? 'is required' : `must be ${kinds[issue.expected] ?? issue.expected}`;
		case 'invalid_value':
			return issue.input === undefined ? 'is required' : `must be one of ${issue.values.map(String).join(', ')}`;
		case 'too_small':
			return issue.origin in sizes
				? `must have at least ${issue.minimum} ${sizes[issue.origin]}`
				: `must be at least ${issue.minimum}`;
		case 'too_big':
			return issue.origin in sizes
				? `must have at most ${issue.maximum} ${sizes[issue.origin]}`
				: `must be at most ${issue.maximum}`;
		case 'invalid_format':
			return issue.format === 'datetime' ? 'must be a time such as 2026-11-27T09:00:00Z' : undefined;
		default:
			return undefined;
	}
};
