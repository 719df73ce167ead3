import * as z from 'zod';
import { Event } from '../../domain/model/event.ts';

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
