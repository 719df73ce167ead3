import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';

const minuteMs = 60_000;

type Counted = {
	accountId: string;
	/** Under which it is counted. */
	counted: string;
	most: number;
};
type Share = Counted & {
	/** What the account has done so often, after "the account has". */
	done: string;
};

/** Counts once more within the minute. Ends with when the next one begins, where that was too often. */
export const countInMinute = async (
	{ turns, clock }: Pick<Ports, 'turns' | 'clock'>,
	{ accountId, counted, most }: Counted,
): Promise<Date | undefined> => {
	const minute = Math.floor(clock().getTime() / minuteMs);
	const next = new Date((minute + 1) * minuteMs);
	return (await turns.spend(`${counted}#${accountId}#${minute}`, most, next)) ? undefined : next;
};

/** Throws where the account has done so too often within the minute. An admin may, who has every account to look after. */
export const spendShare = async (
	ports: Pick<Ports, 'turns' | 'clock'>,
	caller: Caller,
	{ done, ...counted }: Share,
): Promise<void> => {
	if (caller.admin) return;
	const next = await countInMinute(ports, counted);
	if (next === undefined) return;
	throw new ProblemError(
		'too-many-requests',
		`the account has ${done} within a minute, which is the limit; ask again after ${next.toISOString()}`,
	);
};
