import * as z from 'zod';
import { AccountId } from './ids.ts';

/** ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime();

/** One that a request gives, in nanoseconds at most: some are kept as they came, and a fraction alone has no end. */
export const GivenInstant = Instant.max(30);

/** `version` rises with what users and admins change; `rev` rises with every write and guards it. */
export const entityFields = {
	accountId: AccountId,
	createdAt: Instant,
	updatedAt: Instant,
	version: z.int().min(1),
	rev: z.int().min(0),
};
