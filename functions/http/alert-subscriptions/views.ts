import { AlertSubscription, SubscriptionStatus } from '../../domain/model/alert-subscription.ts';

export const AlertSubscriptionView = AlertSubscription.extend({ status: SubscriptionStatus });
