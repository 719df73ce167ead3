import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { spendShare } from './share-of-minute.ts';

/**
 * A question takes a dozen calls of Run Command and more, of which the AWS account has some 25 a second for the checks of all accounts,
 * and a function for as long as the router is silent.
 */
const most = 20;

/** Throws where the account has asked its routers too often within the minute. */
export const spendQuestion = (ports: Ports, caller: Caller, accountId: string): Promise<void> =>
	spendShare(ports, caller, {
		accountId,
		counted: 'questions',
		most,
		done: `asked its routers ${most} times for logs or a diagnosis`,
	});
