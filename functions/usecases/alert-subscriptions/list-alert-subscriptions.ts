import type { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { spendShare } from '../shared/share-of-minute.ts';
import type { SubscriptionWithStatus } from './create-alert-subscription.ts';

/** SNS lists the subscriptions of thirty topics a second for the whole AWS account, and whoever makes, confirms or deletes one needs such a list. */
const mostLists = 60;

/** Throws where the account has listed its subscriptions too often within the minute. */
export const spendList = (ports: Ports, caller: Caller, accountId: string): Promise<void> =>
	spendShare(ports, caller, {
		accountId,
		counted: 'subscription-lists',
		most: mostLists,
		done: `listed its alert subscriptions ${mostLists} times`,
	});

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

/** Without those that were deleted while nobody had confirmed them. */
export const shown = (subscriptions: readonly SubscriptionWithStatus[]): SubscriptionWithStatus[] =>
	subscriptions.filter(({ ended, status }) => ended !== true || status === 'confirmed');

type Shown = { item: AlertSubscription; status: SubscriptionWithStatus['status'] | undefined };

/** One that is not deleted; without a status where SNS does not have it. Throws a problem where there is none. */
export const shownSubscription = async (
	ports: Pick<Ports, 'alerts' | 'clock' | 'subscriptions'>,
	{ accountId, id }: { accountId: string; id: string },
): Promise<Shown> => {
	const item = await ports.subscriptions.get(accountId, id);
	const [standing] = item === undefined ? [] : await withStatus(ports, { accountId, items: [item] });
	if (item === undefined || (item.ended === true && standing?.status !== 'confirmed')) throw noSubscription(id);
	return { item, status: standing?.status };
};

export const noSubscription = (id: string): ProblemError => new ProblemError('not-found', `there is no alert subscription ${id}`);
