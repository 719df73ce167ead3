import { createHash } from 'node:crypto';
import type { AlertSubscription, CreateAlertSubscription, SubscriptionStatus } from '../../domain/model/alert-subscription.ts';
import { vpnDisabled } from '../../domain/rules/connection-rules.ts';
import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';

/** Each subscription sends a mail to an address that nobody has verified yet. */
const mostSubscriptions = 20;

export type SubscriptionWithStatus = AlertSubscription & { status: SubscriptionStatus };

/** Subscribing an endpoint again returns the same subscription; SNS sends an e-mail address another request to confirm. */
export const createAlertSubscription = async (
	{ store, subscriptions, alerts, clock }: Ports,
	{ caller, input }: { caller: Caller; input: CreateAlertSubscription },
): Promise<SubscriptionWithStatus> => {
	const accountId = accountOf(caller, input.accountId);
	throwIfRefused(vpnDisabled(await store.get('accounts', accountId)));
	const { protocol, endpoint } = input;
	const { items } = await subscriptions.list(accountId, { limit: mostSubscriptions + 1 });
	const known = items.find((one) => one.protocol === protocol && one.endpoint === endpoint);
	if (known === undefined && items.length >= mostSubscriptions) {
		// Those that SNS refused, or forgot because nobody confirmed them, do not count.
		const standing = await alerts.subscriptions(accountId);
		if (standing.length >= mostSubscriptions) {
			throw new ProblemError(
				'too-many-subscriptions',
				`the account has ${mostSubscriptions} alert subscriptions, which is the limit`,
			);
		}
	}
	const digits = createHash('sha256')
		.update(JSON.stringify([accountId, protocol, endpoint]))
		.digest('hex')
		.slice(0, 17);
	const item: AlertSubscription = known ?? {
		id: `sub-${digits}`,
		accountId,
		protocol,
		endpoint,
		createdAt: clock().toISOString(),
	};
	// Stored first: an account must be able to see and delete whatever SNS sends to.
	await subscriptions.put(item);
	await alerts.subscribe(accountId, { protocol, endpoint });
	const standing = await alerts.subscriptions(accountId);
	const status = standing.find((one) => one.protocol === protocol && one.endpoint === endpoint)?.confirmed
		? 'confirmed'
		: 'pending';
	return { ...item, status };
};
