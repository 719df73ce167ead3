import * as z from 'zod';
import { entityFields } from './entity.ts';
import { AccountId } from './ids.ts';
import { Name } from './text.ts';

export const FloorAction = z.enum(['allow', 'warn', 'deny']);
export type FloorAction = z.infer<typeof FloorAction>;

/** What an account, or the whole deployment, does with each grade of crypto suite. An absent grade is allowed. */
export const CryptoFloor = z.strictObject({
	legacy: FloorAction.optional(),
	acceptable: FloorAction.optional(),
	strong: FloorAction.optional(),
});
export type CryptoFloor = z.infer<typeof CryptoFloor>;

export const Account = z.object({
	id: AccountId,
	...entityFields,
	name: z.string(),
	vpnEnabled: z.boolean(),
	cryptoFloor: CryptoFloor.optional(),
});
export type Account = z.infer<typeof Account>;

export const PutAccount = z.strictObject({
	name: Name.optional(),
	vpnEnabled: z.boolean().optional(),
	cryptoFloor: CryptoFloor.optional(),
});
export type PutAccount = z.infer<typeof PutAccount>;
