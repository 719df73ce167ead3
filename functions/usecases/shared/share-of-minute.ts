import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';

const minuteMs = 60_000;

type Share = {
	accountId: string;
	/** Under which it is counted. */
	counted: string;
	most: number;
	/** What the account has done so often, after "the account has". */
	done: string;
};

/** Throws where the account has done so too often within the minute. An admin may, who has every account to look after. */
export const spendShare = async (
	{ turns, clock }: Pick<Ports, 'turns' | 'clock'>,
	caller: Caller,
	{ accountId, counted, most, done }: Share,
): Promise<void> => {
	if (caller.admin) return;
	const minute = Math.floor(clock().getTime() / minuteMs);
	const next = new Date((minute + 1) * minuteMs);
	if (await turns.spend(`${counted}#${accountId}#${minute}`, most, next)) return;
	throw new ProblemError(
		'too-many-requests',
		`the account has ${done} within a minute, which is the limit; ask again after ${next.toISOString()}`,
	);
};
