import type { Event } from '../../domain/model/event.ts';
import { type Availability, availabilityOf } from '../../domain/monitoring/availability.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { spendShare } from '../shared/share-of-minute.ts';

/** Two hundred of a hundred: more would not be read before the request ends. */
const mostPages = 200;
/** Those of a connection that changes all the time take seconds of a function. */
const pagesOfMost = 10;
const mostLongAMinute = 20;

type Request = { caller: Caller; id: string; month: string | undefined };

/**
 * A calendar month (UTC) of a connection, by default this one up to now, from its events. Of one with more events than a request can
 * read it begins with the oldest that was read. Throws where an account has asked too often for such long ones.
 */
export const readAvailability = async (ports: Ports, { caller, id, month }: Request): Promise<Availability> => {
	const { store, events, clock } = ports;
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const now = clock();
	const begin = new Date(`${month ?? now.toISOString().slice(0, 7)}-01T00:00:00.000Z`);
	const end = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
	const from = new Date(Math.max(begin.getTime(), Math.min(Date.parse(connection.createdAt), end.getTime())));
	const to = new Date(Math.max(from.getTime(), Math.min(end.getTime(), now.getTime())));
	const changes: Event[] = [];
	let after: string | undefined;
	const of = (begins: Date) => availabilityOf(changes.reverse(), { connection, from: begins, to, now });
	const saysHowItBegan = (change: Event | undefined): boolean =>
		change !== undefined && Date.parse(change.at) <= from.getTime() && (change.to === 'Connected' || change.outage !== undefined);
	let oldest = now.toISOString();
	// Newest first.
	for (let pages = 1; ; pages++) {
		const page = await events.list(id, { limit: 100, ...(after === undefined ? {} : { after }) });
		const read = page.items.filter(({ kind }) => kind === 'state');
		changes.push(...read);
		oldest = page.items.at(-1)?.at ?? oldest;
		after = page.next;
		if (after === undefined || read.some(saysHowItBegan)) return of(from);
		if (pages === pagesOfMost) {
			await spendShare(ports, caller, {
				accountId: connection.accountId,
				counted: 'long-availabilities',
				most: mostLongAMinute,
				done: `asked ${mostLongAMinute} times for the availability of connections with more than ${pagesOfMost * 100} changes`,
			});
		}
		if (pages === mostPages) return of(new Date(Math.min(Math.max(from.getTime(), Date.parse(oldest)), to.getTime())));
	}
};
