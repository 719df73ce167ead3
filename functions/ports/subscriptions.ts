import type { AlertSubscription } from '../domain/model/alert-subscription.ts';
import type { Page } from './page.ts';

/** Who was subscribed to an account's alerts through the API. */
export type Subscriptions = {
	get(accountId: string, id: string): Promise<AlertSubscription | undefined>;
	list(accountId: string, query: { limit: number; after?: string }): Promise<Page<AlertSubscription>>;
	/** Adds it unless the account has `most` already, however many do so at once. */
	add(item: AlertSubscription, most: number): Promise<'added' | 'known' | 'full'>;
	/** Replaces one that is there; false where there is none. */
	put(next: AlertSubscription): Promise<boolean>;
	/** Removes it as it was read; false where it is gone, or was asked for again meanwhile. */
	remove(item: Pick<AlertSubscription, 'accountId' | 'id' | 'askedAt'>): Promise<boolean>;
};
