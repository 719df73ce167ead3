import { type Ports, TooMuchUsage, type UsageTotal } from '../../ports.ts';
import { accountOf, type Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';
import { spendShare } from './share-of-minute.ts';
import type { UsageWindow } from './usage-window.ts';

/** That of an account with hundreds of connections is as much work as a function can do. */
const most = 20;

/** Throws where the account has asked for it too often within the minute. */
export const usageOfAccount = async (
	ports: Ports,
	caller: Caller,
	{ window, named }: { window: UsageWindow; named: string | undefined },
): Promise<UsageTotal[]> => {
	const accountId = accountOf(caller, named);
	await spendShare(ports, caller, { accountId, counted: 'usage', most, done: `asked for its usage ${most} times` });
	return readable(ports.usage.ofAccount(accountId, window), 'ask for a shorter time');
};

/** That of all accounts. */
export const usageOfAll = ({ usage }: Ports, window: UsageWindow): Promise<UsageTotal[]> =>
	readable(usage.ofAll(window), 'name one account by accountId, or ask for a shorter time');

const readable = async (reading: Promise<UsageTotal[]>, wayOn: string): Promise<UsageTotal[]> => {
	try {
		return await reading;
	} catch (error) {
		if (!(error instanceof TooMuchUsage)) throw error;
		const detail = `is followed by more usage than a request can go through: ${wayOn}`;
		throw new ProblemError('invalid-request', `query: /from ${detail}`, [{ pointer: '/from', detail }]);
	}
};
