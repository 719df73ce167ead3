import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { spendShare } from './share-of-minute.ts';

/** The changes of one VPC or account compete for a row, and each holds a function until it has won: of those all accounts together have a thousand. */
const most = 300;

/** Throws where the caller's account has asked for too many changes within the minute. */
export const spendChange = async (ports: Pick<Ports, 'turns' | 'clock'>, caller: Caller): Promise<void> => {
	const { accountId } = caller;
	if (accountId === undefined) return;
	await spendShare(ports, caller, { accountId, counted: 'changes', most, done: `asked for ${most} changes` });
};
