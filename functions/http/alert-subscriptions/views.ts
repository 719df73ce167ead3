import { AlertSubscription, SubscriptionStatus } from '../../domain/model/alert-subscription.ts';

export const AlertSubscriptionView = AlertSubscription.pick({
	id: true,
	accountId: true,
	protocol: true,
	endpoint: true,
	createdAt: true,
}).extend({ status: SubscriptionStatus });
