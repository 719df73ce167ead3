import type * as z from 'zod';
import { issueInWords } from '../../issue-in-words.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import { jsonFault } from './json-fault.ts';

/** RFC 6901. */
const pointerOf = (path: readonly PropertyKey[]): string =>
	path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** One entry per field, what is first wrong with it, without its value: a value may be a secret. */
const fieldsOf = (error: z.ZodError): { pointer: string; detail: string }[] => {
	const all = error.issues.flatMap((issue) =>
		issue.code === 'unrecognized_keys'
			? issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: issue.message }))
			: [{ pointer: pointerOf(issue.path), detail: issue.message }],
	);
	return [...Map.groupBy(all, ({ pointer }) => pointer).values()].flatMap(([first]) => first ?? []);
};

/** A body of nothing but unknown fields has tens of thousands. */
const mostNamed = 100;

/** Throws a problem that names the fields, and counts them. `where` is `body`, `query` or `path`. */
export const parse = <T>(schema: z.ZodType<T>, value: unknown, where: string): T => {
	const parsed = schema.safeParse(value, { error: issueInWords });
	if (parsed.success) return parsed.data;
	const errors = fieldsOf(parsed.error);
	const first = errors[0];
	const detail = `${where}: ${first?.pointer === '' ? '' : `${first?.pointer} `}${first?.detail}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`;
	throw new ProblemError('invalid-request', detail, errors.slice(0, mostNamed));
};

export const parseJson = (body: string | undefined): unknown => {
	if (body === undefined || body === '') {
		throw new ProblemError('invalid-request', 'body: a JSON object is required', [
			{ pointer: '', detail: 'a JSON object is required' },
		]);
	}
	try {
		return JSON.parse(body);
	} catch {
		const detail = jsonFault(body);
		throw new ProblemError('invalid-request', `body: ${detail}`, [{ pointer: '', detail }]);
	}
};
