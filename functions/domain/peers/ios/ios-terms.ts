import type { Encryption, Hash } from '../../model/crypto-suite.ts';

/** The words of IOS 12.4 for our terms; what is not there it cannot do. */
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
export const iosIkeHash: Partial<Record<Hash, string>> = { md5: 'md5', sha1: 'sha' };
export const iosEspHash: Partial<Record<Hash, string>> = { md5: 'esp-md5-hmac', sha1: 'esp-sha-hmac' };
export const iosGroups = [2, 5];
