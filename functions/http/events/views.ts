import * as z from 'zod';
import { Event } from '../../domain/model/event.ts';
import { Change, Outage, secondsOf } from '../../domain/model/outage.ts';

const OutageView = Outage.pick({ from: true, to: true })
	.extend({
		/** Absent while it lasts. */
		seconds: z.number().optional(),
		after: Change.pick({ at: true, who: true, what: true }).optional(),
		rollback: Change.pick({ at: true, who: true, what: true }).optional(),
	})
	.optional();

export const EventView = Event.pick({
	id: true,
	at: true,
	who: true,
	kind: true,
	from: true,
	to: true,
	why: true,
	detail: true,
}).extend({
	connectionId: z.string(),
	outage: OutageView,
	alert: z.object({ alertId: z.string(), owedAt: z.string(), paidAt: z.string().optional() }).optional(),
});
export const ApplyView = Event.pick({
	id: true,
	at: true,
	from: true,
	to: true,
	why: true,
	detail: true,
	steps: true,
}).extend({ connectionId: z.string() });

/** An event of a connection as the API shows it. */
export const eventView = ({ outage, ...event }: Event, connectionId: string): z.infer<typeof EventView> => {
	const seconds = outage?.to === undefined ? undefined : secondsOf({ from: outage.from, to: outage.to });
	return EventView.parse({ ...event, connectionId, outage: outage && { ...outage, seconds } });
};
