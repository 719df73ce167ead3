import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import type { SuiteLimits } from '../contract/suite-limits.ts';

/** The words of IOS for our terms. SHA-2 and groups above 5 came with 15. */
export const iosIkeEncryption: Record<Encryption, string> = {
	aes128: 'aes',
	aes192: 'aes 192',
	aes256: 'aes 256',
	'3des': '3des',
};
export const iosEspEncryption: Record<Encryption, string> = {
	aes128: 'esp-aes',
	aes192: 'esp-aes 192',
	aes256: 'esp-aes 256',
	'3des': 'esp-3des',
};
export const iosIkeHash: Record<Hash, string> = { md5: 'md5', sha1: 'sha', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' };
export const iosEspHash: Record<Hash, string> = {
	md5: 'esp-md5-hmac',
	sha1: 'esp-sha-hmac',
	sha256: 'esp-sha256-hmac',
	sha384: 'esp-sha384-hmac',
	sha512: 'esp-sha512-hmac',
};

/** What IOS 12.4 can do: a text for it has nothing else. */
export const ios124: SuiteLimits = { ikeHashes: ['md5', 'sha1'], espHashes: ['md5', 'sha1'], groups: [2, 5] };
