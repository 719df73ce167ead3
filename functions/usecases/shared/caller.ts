import { ProblemError } from './problem-error.ts';

/** Who calls: the token's subject, its account, and whether it is in the group `admin`. */
export type Caller = { who: string; accountId?: string; admin: boolean };

/** The account that the call is for. An admin acts for the account that is named; nobody else may name another than their own. */
export const accountOf = (caller: Caller, named: string | undefined): string => {
	if (named !== undefined && named !== caller.accountId && !caller.admin) {
		throw new ProblemError('forbidden', `only an admin may act for the account ${named}`);
	}
	const accountId = named ?? caller.accountId;
	if (accountId !== undefined) return accountId;
	const detail = 'is required, since the token names no account';
	throw new ProblemError('invalid-request', `accountId ${detail}`, [{ pointer: '/accountId', detail }]);
};

/** Other accounts' things are not there. */
export const isVisible = (caller: Caller, { accountId }: { accountId: string }): boolean =>
	caller.admin || caller.accountId === accountId;
