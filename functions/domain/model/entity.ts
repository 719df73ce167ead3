import * as z from 'zod';
import { AccountId } from './ids.ts';

/** ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime();

/**
 * One that a request gives, by RFC 3339 with any offset and in nanoseconds at most: a fraction alone has no end. It is kept in UTC,
 * where an offset may lead out of the years of four digits.
 */
export const GivenInstant = z.iso
	.datetime({ offset: true })
	.max(35)
	.transform((time) => new Date(time).toISOString())
	.pipe(Instant);

/** `version` rises with what users and admins change; `rev` rises with every write and guards it. */
export const entityFields = {
	accountId: AccountId,
	createdAt: Instant,
	updatedAt: Instant,
	version: z.int().min(1),
	rev: z.int().min(0),
};
