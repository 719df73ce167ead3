import { ProblemError } from './problem-error.ts';

/** Who calls: the token's subject, its account, and whether it is in the group `admin`. */
export type Caller = { who: string; accountId?: string; admin: boolean };

/** The account that the call is for. Only an admin may name an account other than their own. */
export const accountOf = (caller: Caller, named: string | undefined): string => {
	if (named !== undefined && named !== caller.accountId && !caller.admin) {
		throw new ProblemError('forbidden', `only an admin may act for the account ${named}`);
	}
	const accountId = named ?? caller.accountId;
	if (accountId !== undefined) return accountId;
	const detail = 'is required because the token names no account';
	throw new ProblemError('invalid-request', `accountId ${detail}`, [{ pointer: '/accountId', detail }]);
};

/** What belongs to other accounts is not visible. */
export const isVisible = (caller: Caller, { accountId }: { accountId: string }): boolean =>
	caller.admin || caller.accountId === accountId;
