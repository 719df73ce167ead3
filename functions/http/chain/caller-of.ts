import { decodeJwt, type JWTPayload } from 'jose';
import type * as z from 'zod';
import { AccountId, Subject } from '../../domain/model/ids.ts';
import type { Caller } from '../../usecases/shared/caller.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';

export type Claims = { account: string; groups: string };

const adminGroup = 'admin';

/**
 * Who calls, from the token that API Gateway has verified. Its authorizer hands a list claim on as one string, `[a b]`, in which a
 * group with a space could pass for two: groups are read from the token's own payload. An issuer may write anything into a claim,
 * but what names an account becomes part of paths and what names a caller part of rows: another shape is nobody's.
 */
export const callerOf = (authorization: string | undefined, claims: Claims): Caller => {
	const payload = payloadOf(authorization);
	const accountId = claim(AccountId.optional(), payload, claims.account);
	const groups = payload[claims.groups];
	return {
		who: claim(Subject, payload, 'sub'),
		...(accountId === undefined ? {} : { accountId }),
		admin: Array.isArray(groups) ? groups.includes(adminGroup) : groups === adminGroup,
	};
};

/** API Gateway joins two headers to one text, of which it may have verified either part. */
const payloadOf = (authorization = ''): JWTPayload => {
	const token = /^(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization)?.[1];
	try {
		return decodeJwt(token ?? '');
	} catch {
		throw new ProblemError('unauthenticated', 'the Authorization header must be one, with one bearer token');
	}
};

const claim = <T>(schema: z.ZodType<T>, payload: JWTPayload, name: string): T => {
	const parsed = schema.safeParse(payload[name]);
	if (parsed.success) return parsed.data;
	throw new ProblemError('forbidden', `the claim ${name} of the token ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
};
