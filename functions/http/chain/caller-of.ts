import { decodeJwt } from 'jose';
import type { Caller } from '../../usecases/shared/caller.ts';

export type Claims = { account: string; groups: string };

const adminGroup = 'admin';

/**
 * Who calls, from the token that API Gateway has verified. Its authorizer hands a list claim on as one string, `[a b]`, in which a
 * group with a space could pass for two: groups are read from the token's own payload.
 */
export const callerOf = (authorization: string | undefined, claims: Claims): Caller => {
	const payload = decodeJwt((authorization ?? '').replace(/^Bearer\s+/i, ''));
	const account = payload[claims.account];
	const groups = payload[claims.groups];
	return {
		who: payload.sub ?? 'unknown',
		...(typeof account === 'string' && account !== '' ? { accountId: account } : {}),
		admin: Array.isArray(groups) ? groups.includes(adminGroup) : groups === adminGroup,
	};
};
