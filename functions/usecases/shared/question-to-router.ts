import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';

/**
 * A question takes a dozen calls of Run Command and more, of which the AWS account has some 25 a second for the checks of all accounts,
 * and a function for as long as the router is silent.
 */
const mostAMinute = 20;
const minuteMs = 60_000;

/** Throws where the account has asked its routers too often within the minute. An admin may, who has every account to look after. */
export const spendQuestion = async ({ turns, clock }: Ports, caller: Caller, accountId: string): Promise<void> => {
	if (caller.admin) return;
	const minute = Math.floor(clock().getTime() / minuteMs);
	const next = new Date((minute + 1) * minuteMs);
	if (await turns.spend(`questions#${accountId}#${minute}`, mostAMinute, next)) return;
	throw new ProblemError(
		'too-many-requests',
		`the account has asked its routers ${mostAMinute} times for logs or a diagnosis within a minute, which is the limit; ask again after ${next.toISOString()}`,
	);
};
