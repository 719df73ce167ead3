import * as z from 'zod';
import { AccountId } from './ids.ts';

/** ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime();

/** What every stored entity has. `version` is raised by what users and admins change; `rev` by every write, and guards it. */
export const entityFields = {
	accountId: AccountId,
	createdAt: Instant,
	updatedAt: Instant,
	version: z.int().min(1),
	rev: z.int().min(0),
};
