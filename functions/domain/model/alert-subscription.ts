import * as z from 'zod';
import { Instant } from './entity.ts';
import { AccountId, AlertSubscriptionId } from './ids.ts';

/** ITU-T E.164. */
const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number such as +4915112345678');

export const CreateAlertSubscription = z.discriminatedUnion('protocol', [
	z.strictObject({
		accountId: AccountId.optional(),
		protocol: z.literal('email'),
		endpoint: z.email('must be an e-mail address such as noc@example.com').max(254),
	}),
	z.strictObject({ accountId: AccountId.optional(), protocol: z.literal('sms'), endpoint: PhoneNumber }),
]);
export type CreateAlertSubscription = z.infer<typeof CreateAlertSubscription>;

/** Who gets an account's alerts. Whether it is confirmed is known only to SNS. */
export const AlertSubscription = z.object({
	id: AlertSubscriptionId,
	accountId: AccountId,
	protocol: z.enum(['email', 'sms']),
	endpoint: z.string(),
	createdAt: Instant,
	/** When it was written to, or deleted, last: what SNS does not have by then may yet come. */
	askedAt: Instant.optional(),
	/** Of a phone number that nobody has confirmed yet: the code that was sent to it, as a hash, and until when it holds. */
	code: z.object({ hash: z.string(), until: Instant }).optional(),
	/** Of an e-mail address that was deleted before anybody confirmed it: the link in its mail can still be followed. */
	ended: z.boolean().optional(),
});
export type AlertSubscription = z.infer<typeof AlertSubscription>;

export const ConfirmAlertSubscription = z.strictObject({
	accountId: AccountId.optional(),
	code: z.string().regex(/^[0-9]{6}$/, 'must be the six digits that were sent'),
});
export type ConfirmAlertSubscription = z.infer<typeof ConfirmAlertSubscription>;

export const SubscriptionStatus = z.enum(['pending', 'confirmed']);
export type SubscriptionStatus = z.infer<typeof SubscriptionStatus>;
