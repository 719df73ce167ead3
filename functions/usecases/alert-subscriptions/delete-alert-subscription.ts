import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';

type Request = { caller: Caller; id: string; accountId?: string };

/** SNS lets nobody remove what is not confirmed yet: it forgets that by itself. */
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
