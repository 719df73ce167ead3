import * as z from 'zod';
import { Instant } from './entity.ts';
import { AccountId } from './ids.ts';
import { Outage } from './outage.ts';

/** DynamoDB may drop an event after this long. */
export const eventDaysKept = 90;

/** What happened to a connection or a router: the audit trail and, in `alert`, the outbox of alerts that the account is owed. */
export const Event = z.object({
	/** The connection, or the router by the id of its VPC. */
	subject: z.object({ kind: z.enum(['connection', 'router']), id: z.string() }),
	/** A ULID: events of one subject sort by time. */
	id: z.string(),
	accountId: AccountId,
	vpcId: z.string(),
	at: Instant,
	/** A user's or admin's subject claim, or `reconcile`, `check`, `tick`. */
	who: z.string(),
	kind: z.enum(['state', 'apply', 'notified', 'router', 'psk', 'mute', 'route', 'probe', 'checks']),
	from: z.string().optional(),
	to: z.string().optional(),
	why: z.string().optional(),
	detail: z.string().optional(),
	/** The outage that it belongs to: it lasts, or this is its end. */
	outage: Outage.optional(),
	/** The steps of an apply and what they printed (F-22). */
	steps: z.array(z.string()).optional(),
	/** An alert, owed until it has `paidAt`. Its text is fixed from the start, so that a repeat says the same. */
	alert: z
		.object({
			alertId: z.string(),
			subject: z.string(),
			email: z.string(),
			sms: z.string(),
			owedAt: Instant,
			/** The message that it is part of, from the first attempt to send it. */
			messageId: z.string().optional(),
			/** Whether telephones get that message too. */
			texted: z.boolean().optional(),
			/** On one alert of a message that was held completely. Nobody has tried to publish a message without it. */
			leads: z.boolean().optional(),
			triedAt: Instant.optional(),
			/** One sender holds it until then. */
			heldUntil: Instant.optional(),
			paidAt: Instant.optional(),
		})
		.optional(),
	/** Epoch seconds, `eventDaysKept` after it. */
	expiresAt: z.int(),
});
export type Event = z.infer<typeof Event>;
