import type { Event } from '../domain/model/event.ts';
import type { Page } from './page.ts';

export type Events = {
	/** Newest first. */
	list(connectionId: string, query: { limit: number; after?: string }): Promise<Page<Event>>;
	/** The account's events whose alert is owed and not yet paid, oldest first, at most 5,000. */
	owed(accountId: string): Promise<Event[]>;
	/** Accounts whose oldest owed alert is from before `before`. */
	accountsOwed(before: string): Promise<string[]>;
	/**
	 * Holds all of the events, or none of them, for the message of that id until `until`, so that each alert has one sender at a
	 * time. False if another sender holds or has sent one of them. The first is the leader: it is held last, and marked as such.
	 */
	claim(
		events: readonly [Event, ...Event[]],
		hold: { messageId: string; texted: boolean; now: string; until: string },
	): Promise<boolean>;
	/** Marks them as paid, the leader last. */
	pay(events: readonly [Event, ...Event[]], paidAt: string): Promise<void>;
};
