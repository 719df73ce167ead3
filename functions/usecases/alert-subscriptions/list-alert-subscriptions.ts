import type { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Ports } from '../../ports.ts';
import type { SubscriptionWithStatus } from './create-alert-subscription.ts';

/** Only those that SNS still has: unconfirmed ones lapse there, and the link in a mail unsubscribes without asking us. */
export const withStatus = async (
	{ alerts }: Ports,
	{ accountId, items }: { accountId: string; items: readonly AlertSubscription[] },
): Promise<SubscriptionWithStatus[]> => {
	if (items.length === 0) return [];
	const standing = await alerts.subscriptions(accountId);
	return items.flatMap((item) => {
		const found = standing.find(({ protocol, endpoint }) => protocol === item.protocol && endpoint === item.endpoint);
		return found === undefined ? [] : [{ ...item, status: found.confirmed ? ('confirmed' as const) : ('pending' as const) }];
	});
};
