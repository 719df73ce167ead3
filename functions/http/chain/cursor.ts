import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secret } from '../../domain/model/secret.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';

const Cursor = z.tuple([z.string(), z.string()]);

const sealOf = (key: Secret, after: string, bound: readonly unknown[]): Buffer =>
	createHmac('sha256', key.reveal())
		.update(JSON.stringify([after, bound]))
		.digest();

/** Where a list continues, bound to the caller and the query it was issued for, and to us: nobody else can make one. */
export const encodeCursor = (key: Secret, after: string, bound: readonly unknown[]): string =>
	Buffer.from(JSON.stringify([after, sealOf(key, after, bound).toString('base64url')])).toString('base64url');

/** Whatever is wrong with a cursor, it is refused before anything is read by it. */
export const decodeCursor = (key: Secret, cursor: string, bound: readonly unknown[]): string => {
	const detail = 'is not a cursor of this list for this caller';
	const refused = new ProblemError('invalid-request', `query: /cursor ${detail}`, [{ pointer: '/cursor', detail }]);
	let decoded: unknown;
	try {
		decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		throw refused;
	}
	const parsed = Cursor.safeParse(decoded);
	if (!parsed.success) throw refused;
	const [after, seal] = parsed.data;
	const given = Buffer.from(seal, 'base64url');
	const ours = sealOf(key, after, bound);
	if (given.length !== ours.length || !timingSafeEqual(given, ours)) throw refused;
	return after;
};
