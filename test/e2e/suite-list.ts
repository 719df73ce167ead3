import type { DhGroup, Encryption, EspPolicy, Hash, IkePolicy } from '../../functions/domain/model/crypto-suite.ts';
import { modpOf } from '../../functions/domain/rules/router-capabilities.ts';

export type Suite = { ike: IkePolicy; esp: EspPolicy };
type Cipher = { encryption: Encryption; hash: Hash };
type Group = { version: IkePolicy['version']; dhGroup: DhGroup; pfsGroup: DhGroup | null };

export const suiteOf = (phase1: Cipher, phase2: Cipher, { version, dhGroup, pfsGroup }: Group): Suite => ({
	ike: { version, ...phase1, dhGroup, lifetimeSeconds: 86_400 },
	esp: { ...phase2, pfsGroup, lifetimeSeconds: 3_600 },
});

const ciphers: readonly Encryption[] = ['aes128', 'aes192', 'aes256', '3des'];
const legacyHashes: readonly Hash[] = ['md5', 'sha1'];

const legacyCiphers: readonly Cipher[] = ciphers.flatMap((encryption) => legacyHashes.map((hash) => ({ encryption, hash })));

/** F-4: all 16 of phase 1 with all 24 of phase 2. */
export const legacySuites: readonly Suite[] = ([2, 5] as const).flatMap((dhGroup) =>
	legacyCiphers.flatMap((phase1) =>
		([null, 2, 5] as const).flatMap((pfsGroup) =>
			legacyCiphers.map((phase2) => suiteOf(phase1, phase2, { version: 'ikev1', dhGroup, pfsGroup })),
		),
	),
);

const modern = (version: 'ikev1' | 'ikev2', cipher: Cipher, dhGroup: DhGroup, pfs: boolean): Suite =>
	suiteOf(cipher, cipher, { version, dhGroup, pfsGroup: pfs ? dhGroup : null });

export const modernSuites: readonly Suite[] = [
	modern('ikev1', { encryption: 'aes128', hash: 'sha256' }, 14, true),
	modern('ikev1', { encryption: 'aes256', hash: 'sha384' }, 15, false),
	modern('ikev1', { encryption: 'aes256', hash: 'sha512' }, 16, true),
	modern('ikev1', { encryption: 'aes192', hash: 'sha512' }, 14, false),
	modern('ikev2', { encryption: 'aes128', hash: 'sha256' }, 14, true),
	modern('ikev2', { encryption: 'aes192', hash: 'sha384' }, 15, true),
	modern('ikev2', { encryption: 'aes256', hash: 'sha512' }, 16, false),
	modern('ikev2', { encryption: 'aes256', hash: 'sha256' }, 16, true),
];

/** strongSwan's spelling of a proposal. */
export const ikeWord = ({ encryption, hash, dhGroup }: IkePolicy): string => `${encryption}-${hash}-${modpOf[dhGroup]}`;
export const espWord = ({ encryption, hash, pfsGroup }: EspPolicy): string =>
	[encryption, hash, ...(pfsGroup === null ? [] : [modpOf[pfsGroup]])].join('-');
export const suiteWord = ({ ike, esp }: Suite): string => `${ike.version} ${ikeWord(ike)} / ${espWord(esp)}`;

/** What a weaker initiator would offer instead; of the weakest suite, another one. */
export const weaker = ({ ike, esp }: Suite): { ike: string; esp: string } => {
	const instead = ({ encryption, hash }: Cipher): Cipher =>
		encryption === '3des' && hash === 'md5' ? { encryption: 'aes128', hash: 'md5' } : { encryption: '3des', hash: 'md5' };
	return { ike: ikeWord({ ...ike, ...instead(ike) }), esp: espWord({ ...esp, ...instead(esp) }) };
};

/** Bits of the truncated HMAC (RFC 2403, RFC 2404, RFC 4868). */
const truncated: Record<Hash, string> = {
	md5: 'MD5_96',
	sha1: 'SHA1_96',
	sha256: 'SHA2_256_128',
	sha384: 'SHA2_384_192',
	sha512: 'SHA2_512_256',
};
const whole = (hash: Hash): string => truncated[hash].replace(/_\d+$/, '');
const bits = (encryption: Encryption): string => encryption.replace('aes', '');

/** strongSwan's words for what was negotiated. The first child of IKEv2 has no exchange of its own, so no group (RFC 7296). */
export const peersWords = ({ ike, esp }: Suite): { ike: string; esp: string } => {
	const cipher = (encryption: Encryption) => (encryption === '3des' ? '3DES_CBC' : `AES_CBC-${bits(encryption)}`);
	const modp = (group: DhGroup) => modpOf[group].replace('modp', 'MODP_');
	const pfs = esp.pfsGroup === null || ike.version === 'ikev2' ? [] : [modp(esp.pfsGroup)];
	return {
		ike: [cipher(ike.encryption), `HMAC_${truncated[ike.hash]}`, `PRF_HMAC_${whole(ike.hash)}`, modp(ike.dhGroup)].join('/'),
		esp: [cipher(esp.encryption), `HMAC_${truncated[esp.hash]}`, ...pfs].join('/'),
	};
};

/** Libreswan's words for it. */
export const routersWords = ({ ike, esp }: Suite): { ike: string; esp: string } => {
	const cipher = (encryption: Encryption) => (encryption === '3des' ? '3DES_CBC_192' : `AES_CBC_${bits(encryption)}`);
	return {
		ike: `${cipher(ike.encryption)}-HMAC_${whole(ike.hash)}-${modpOf[ike.dhGroup].toUpperCase()}`,
		esp: `${cipher(esp.encryption)}-HMAC_${truncated[esp.hash]}`,
	};
};
