import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';

type Request = { caller: Caller; id: string; accountId?: string };

/** An unconfirmed subscription cannot be deleted from SNS, which drops it by itself after a while. */
export const deleteAlertSubscription = async (
	{ subscriptions, alerts }: Ports,
	{ caller, id, accountId: named }: Request,
): Promise<void> => {
	const accountId = accountOf(caller, named);
	const item = await subscriptions.get(accountId, id);
	if (item === undefined) throw new ProblemError('not-found', `there is no alert subscription ${id}`);
	await alerts.unsubscribe(accountId, item);
	await subscriptions.remove(accountId, id);
};
