import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ProblemError } from '../../usecases/shared/problem-error.ts';

const Cursor = z.tuple([z.string(), z.string()]);

const bindingOf = (bound: readonly unknown[]): string =>
	createHash('sha256').update(JSON.stringify(bound)).digest('base64url').slice(0, 16);

/** Where a list continues, bound to the caller and the query it was issued for. */
export const encodeCursor = (after: string, bound: readonly unknown[]): string =>
	Buffer.from(JSON.stringify([after, bindingOf(bound)])).toString('base64url');

export const decodeCursor = (cursor: string | undefined, bound: readonly unknown[]): string | undefined => {
	if (cursor === undefined) return undefined;
	const detail = 'is not a cursor of this list for this caller';
	const refused = new ProblemError('invalid-request', `query: /cursor ${detail}`, [{ pointer: '/cursor', detail }]);
	let decoded: unknown;
	try {
		decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		throw refused;
	}
	const parsed = Cursor.safeParse(decoded);
	if (!parsed.success || parsed.data[1] !== bindingOf(bound)) throw refused;
	return parsed.data[0];
};
