import * as z from 'zod';
import { AccountId } from '../../domain/model/ids.ts';

/** The query parameters that every list takes. */
export const pages = {
	limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(50),
	cursor: z.string().max(2_000).optional(),
};
export const PageQuery = z.strictObject(pages);
/** For lists of one account, which an admin names. */
export const ListQuery = z.strictObject({ accountId: AccountId.optional(), ...pages });

/** The reply of a list. */
export const page = (item: z.ZodType) => z.object({ items: z.array(item), nextCursor: z.string().optional() });
