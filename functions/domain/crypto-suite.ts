import * as z from 'zod';

export const Encryption = z.enum(['aes128', 'aes192', 'aes256', '3des']);
export type Encryption = z.infer<typeof Encryption>;
export const Hash = z.enum(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);
export type Hash = z.infer<typeof Hash>;
export const DhGroup = z.union([z.literal(2), z.literal(5), z.literal(14), z.literal(15), z.literal(16)]);
export type DhGroup = z.infer<typeof DhGroup>;
export const IkeVersion = z.enum(['ikev1', 'ikev2']);
export type IkeVersion = z.infer<typeof IkeVersion>;

/** The window in which JunOS, IOS and the *swans agree. */
const LifetimeSeconds = z.int().min(180).max(86_400);

/** Phase 1. */
export const IkePolicy = z.strictObject({
	version: IkeVersion.default('ikev1'),
	encryption: Encryption,
	hash: Hash,
	dhGroup: DhGroup,
	lifetimeSeconds: LifetimeSeconds.default(86_400),
});
export type IkePolicy = z.infer<typeof IkePolicy>;

/** Phase 2. */
export const EspPolicy = z.strictObject({
	encryption: Encryption,
	hash: Hash,
	pfsGroup: DhGroup.nullable().default(null),
	lifetimeSeconds: LifetimeSeconds.default(3_600),
});
export type EspPolicy = z.infer<typeof EspPolicy>;

/** Dead-peer detection (RFC 3706). */
export const Dpd = z
	.strictObject({
		enabled: z.boolean().default(true),
		delaySeconds: z.int().min(1).max(3_600).default(30),
		timeoutSeconds: z.int().min(2).max(86_400).default(120),
	})
	.refine((dpd) => dpd.timeoutSeconds > dpd.delaySeconds, {
		path: ['timeoutSeconds'],
		message: 'must be longer than delaySeconds',
	});
export type Dpd = z.infer<typeof Dpd>;
