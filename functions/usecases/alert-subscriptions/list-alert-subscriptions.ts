import type { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Ports } from '../../ports.ts';
import type { SubscriptionWithStatus } from './create-alert-subscription.ts';

/**
 * Only those that SNS still has, and phone numbers whose code still holds: unconfirmed ones lapse, and the link in a mail unsubscribes
 * without asking us.
 */
export const withStatus = async (
	{ alerts, clock }: Pick<Ports, 'alerts' | 'clock'>,
	{ accountId, items }: { accountId: string; items: readonly AlertSubscription[] },
): Promise<SubscriptionWithStatus[]> => {
	if (items.length === 0) return [];
	const standing = await alerts.subscriptions(accountId);
	return items.flatMap((item) => {
		const found = standing.find(({ protocol, endpoint }) => protocol === item.protocol && endpoint === item.endpoint);
		if (found !== undefined) return [{ ...item, status: found.confirmed ? ('confirmed' as const) : ('pending' as const) }];
		const awaited = item.code !== undefined && Date.parse(item.code.until) > clock().getTime();
		return awaited ? [{ ...item, status: 'pending' as const }] : [];
	});
};
