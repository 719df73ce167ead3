import type { AlertSubscription } from '../domain/model/alert-subscription.ts';
import type { Page } from './page.ts';

/** Who was subscribed to an account's alerts through the API. */
export type Subscriptions = {
	get(accountId: string, id: string): Promise<AlertSubscription | undefined>;
	list(accountId: string, query: { limit: number; after?: string }): Promise<Page<AlertSubscription>>;
	put(next: AlertSubscription): Promise<void>;
	remove(accountId: string, id: string): Promise<void>;
};
