import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';

/** The changes of one VPC or account compete for a row, and each holds a function until it has won: of those all accounts together have a thousand. */
const mostAMinute = 300;
const minuteMs = 60_000;

/** Throws where the caller's account has asked for too many changes within the minute. An admin may, who has every account to look after. */
export const spendChange = async ({ turns, clock }: Pick<Ports, 'turns' | 'clock'>, caller: Caller): Promise<void> => {
	if (caller.admin || caller.accountId === undefined) return;
	const minute = Math.floor(clock().getTime() / minuteMs);
	const next = new Date((minute + 1) * minuteMs);
	if (await turns.spend(`changes#${caller.accountId}#${minute}`, mostAMinute, next)) return;
	throw new ProblemError(
		'too-many-requests',
		`the account has asked for ${mostAMinute} changes within a minute, which is the limit; ask again after ${next.toISOString()}`,
	);
};
