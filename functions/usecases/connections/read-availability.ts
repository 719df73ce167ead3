import type { Event } from '../../domain/model/event.ts';
import { type Availability, availabilityOf } from '../../domain/monitoring/availability.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible } from '../shared/load-visible.ts';

type Request = { caller: Caller; id: string; month: string | undefined };

/** A calendar month (UTC) of a connection, by default this one up to now, from its events. */
export const readAvailability = async (
	{ store, events, clock }: Ports,
	{ caller, id, month }: Request,
): Promise<Availability> => {
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const now = clock();
	const begin = new Date(`${month ?? now.toISOString().slice(0, 7)}-01T00:00:00.000Z`);
	const end = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
	const from = new Date(Math.max(begin.getTime(), Math.min(Date.parse(connection.createdAt), end.getTime())));
	const to = new Date(Math.max(from.getTime(), Math.min(end.getTime(), now.getTime())));
	const changes: Event[] = [];
	let after: string | undefined;
	const saysHowItBegan = (change: Event | undefined): boolean =>
		change !== undefined && Date.parse(change.at) <= from.getTime() && (change.to === 'Connected' || change.outage !== undefined);
	// Newest first.
	do {
		const page = await events.list(id, { limit: 100, ...(after === undefined ? {} : { after }) });
		changes.push(...page.items.filter(({ kind }) => kind === 'state'));
		after = page.next;
	} while (after !== undefined && !changes.some(saysHowItBegan));
	return availabilityOf(changes.reverse(), { connection, from, to, now });
};
