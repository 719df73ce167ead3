import * as z from 'zod';
import { Event } from '../../domain/model/event.ts';

export const EventView = Event.omit({ accountId: true, vpcId: true, expiresAt: true, alert: true, steps: true }).extend({
	alert: z.object({ alertId: z.string(), owedAt: z.string(), paidAt: z.string().optional() }).optional(),
});
export const ApplyView = Event.pick({
	connectionId: true,
	id: true,
	at: true,
	from: true,
	to: true,
	why: true,
	detail: true,
	steps: true,
});
