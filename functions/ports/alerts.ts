import type { AlertSubscription } from '../domain/model/alert-subscription.ts';

export type OutgoingAlert = {
	alertId: string;
	accountId: string;
	subject: string;
	email: string;
	sms: string;
	/** Whether telephones get it too. */
	texted: boolean;
};
export type Endpoint = Pick<AlertSubscription, 'protocol' | 'endpoint'>;
/** SNS sends nothing to such an address, and has not. */
export class EndpointRefused extends Error {}

/** SNS, one topic per account. Throws what SNS throws; the alert then stays owed. */
export type Alerts = {
	publish(alert: OutgoingAlert): Promise<void>;
	/** One SMS, to a number that need not be subscribed. Throws EndpointRefused where there can be none, and so does `subscribe`. */
	text(phoneNumber: string, text: string): Promise<void>;
	subscribe(accountId: string, endpoint: Endpoint): Promise<void>;
	/** As SNS has them now. */
	subscriptions(accountId: string): Promise<(Endpoint & { confirmed: boolean })[]>;
	unsubscribe(accountId: string, endpoint: Endpoint): Promise<void>;
};
