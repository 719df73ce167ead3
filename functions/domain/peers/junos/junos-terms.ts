import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import type { SuiteLimits } from '../contract/suite-limits.ts';

/** The words of JunOS for our terms. SHA-2 in phase 2 and groups above 5 came after 11.2. */
export const junosEncryption: Record<Encryption, string> = {
	aes128: 'aes-128-cbc',
	aes192: 'aes-192-cbc',
	aes256: 'aes-256-cbc',
	'3des': '3des-cbc',
};
export const junosIkeHash: Record<Hash, string> = {
	md5: 'md5',
	sha1: 'sha1',
	sha256: 'sha-256',
	sha384: 'sha-384',
	sha512: 'sha-512',
};
export const junosEspHash: Record<Hash, string> = {
	md5: 'hmac-md5-96',
	sha1: 'hmac-sha1-96',
	sha256: 'hmac-sha-256-128',
	sha384: 'hmac-sha-384',
	sha512: 'hmac-sha-512',
};

/** What JunOS 9.3 to 12.1 can do: a text for it has nothing else. */
export const junos121: SuiteLimits = {
	ikeHashes: ['md5', 'sha1', 'sha256'],
	espHashes: ['md5', 'sha1'],
	groups: [2, 5],
};
