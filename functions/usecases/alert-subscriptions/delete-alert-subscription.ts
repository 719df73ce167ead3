import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { isYoung } from './create-alert-subscription.ts';
import { shownSubscription } from './list-alert-subscriptions.ts';

type Request = { caller: Caller; id: string; accountId?: string };

/**
 * SNS takes no mail back that asks for a confirmation: its link subscribes for days. So the row of an e-mail address that nobody has
 * confirmed stays, out of sight, and is seen and deleted like any other once somebody follows the link; and so does one that is asked for
 * again at the same moment.
 */
export const deleteAlertSubscription = async (ports: Ports, { caller, id, accountId: named }: Request): Promise<void> => {
	const { subscriptions, alerts, clock } = ports;
	const accountId = accountOf(caller, named);
	const { item, status } = await shownSubscription(ports, { accountId, id });
	const isAsked = status === 'pending' || (status === undefined && isYoung(item, clock()));
	if (item.protocol === 'email' && isAsked) {
		await subscriptions.put({ ...item, ended: true, askedAt: clock().toISOString() });
		return;
	}
	await alerts.unsubscribe(accountId, item);
	await subscriptions.remove(item);
	// The code may have come back between the two.
	if (item.protocol === 'sms') await alerts.unsubscribe(accountId, item);
};
