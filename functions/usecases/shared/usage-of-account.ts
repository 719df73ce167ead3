import type { Ports, UsagePages } from '../../ports.ts';
import { accountOf, type Caller } from './caller.ts';
import { spendShare } from './share-of-minute.ts';
import type { UsageWindow } from './usage-window.ts';

/** That of an account with hundreds of connections is as much work as a function can do. */
const most = 20;

/** Throws where the account has asked for it too often within the minute. */
export const usageOfAccount = async (
	ports: Ports,
	caller: Caller,
	{ window, named }: { window: UsageWindow; named: string | undefined },
): Promise<UsagePages> => {
	const accountId = accountOf(caller, named);
	await spendShare(ports, caller, { accountId, counted: 'usage', most, done: `asked for its usage ${most} times` });
	return ports.usage.ofAccount(accountId, window);
};
