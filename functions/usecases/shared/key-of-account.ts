import type { Ports } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { spendShare } from './share-of-minute.ts';

/** Parameter Store takes three new values a second for the whole AWS account. */
const most = 100;

/** Throws where the account has given its customer gateways too many keys within the minute. */
export const spendKey = (ports: Ports, caller: Caller, accountId: string): Promise<void> =>
	spendShare(ports, caller, {
		accountId,
		counted: 'keys',
		most,
		done: `given its customer gateways ${most} pre-shared keys`,
	});
