import * as z from 'zod';

export const Encryption = z.enum(['aes128', 'aes192', 'aes256', '3des']);
export type Encryption = z.infer<typeof Encryption>;
export const Hash = z.enum(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);
export type Hash = z.infer<typeof Hash>;
export const DhGroup = z.literal([2, 5, 14, 15, 16]);
export type DhGroup = z.infer<typeof DhGroup>;
export const IkeVersion = z.enum(['ikev1', 'ikev2']);
export type IkeVersion = z.infer<typeof IkeVersion>;

/** The window in which JunOS, IOS and the *swans agree. */
const LifetimeSeconds = z.int().min(180).max(86_400);

const ikeFields = {
	version: IkeVersion,
	encryption: Encryption,
	hash: Hash,
	dhGroup: DhGroup,
	lifetimeSeconds: LifetimeSeconds,
};
/** Phase 1. */
export const IkePolicy = z.strictObject({
	...ikeFields,
	version: IkeVersion.default('ikev1'),
	lifetimeSeconds: LifetimeSeconds.default(86_400),
});
export type IkePolicy = z.infer<typeof IkePolicy>;
export const PatchIkePolicy = z.strictObject(ikeFields).partial();

const espFields = {
	encryption: Encryption,
	hash: Hash,
	pfsGroup: DhGroup.nullable(),
	lifetimeSeconds: LifetimeSeconds,
};
/** Phase 2. */
export const EspPolicy = z.strictObject({
	...espFields,
	pfsGroup: espFields.pfsGroup.default(null),
	lifetimeSeconds: LifetimeSeconds.default(3_600),
});
export type EspPolicy = z.infer<typeof EspPolicy>;
export const PatchEspPolicy = z.strictObject(espFields).partial();

const dpdFields = {
	enabled: z.boolean(),
	delaySeconds: z.int().min(1).max(3_600),
	timeoutSeconds: z.int().min(2).max(86_400),
};
/** Dead-peer detection (RFC 3706). */
export const Dpd = z
	.strictObject({
		enabled: dpdFields.enabled.default(true),
		delaySeconds: dpdFields.delaySeconds.default(30),
		timeoutSeconds: dpdFields.timeoutSeconds.default(120),
	})
	.refine((dpd) => dpd.timeoutSeconds > dpd.delaySeconds, {
		path: ['timeoutSeconds'],
		message: 'must be longer than delaySeconds',
	});
export type Dpd = z.infer<typeof Dpd>;
export const PatchDpd = z.strictObject(dpdFields).partial();
