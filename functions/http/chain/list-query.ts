import * as z from 'zod';
import { AccountId } from '../../domain/model/ids.ts';

/** What every list can be asked for. */
export const pages = {
	limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(50),
	cursor: z.string().max(2_000).optional(),
};
export const PageQuery = z.strictObject(pages);
/** Of one account: an admin names it. */
export const ListQuery = z.strictObject({ accountId: AccountId.optional(), ...pages });

/** The reply of a list. */
export const page = (item: z.ZodType) => z.object({ items: z.array(item), nextCursor: z.string().optional() });
