import type { Encryption, Hash } from '../../model/crypto-suite.ts';

/** The words of JunOS 9.3 to 12.1 for our terms; what is not there it cannot do. */
export const junosEncryption: Record<Encryption, string> = {
	aes128: 'aes-128-cbc',
	aes192: 'aes-192-cbc',
	aes256: 'aes-256-cbc',
	'3des': '3des-cbc',
};
export const junosIkeHash: Partial<Record<Hash, string>> = { md5: 'md5', sha1: 'sha1', sha256: 'sha-256' };
export const junosEspHash: Partial<Record<Hash, string>> = { md5: 'hmac-md5-96', sha1: 'hmac-sha1-96' };
export const junosGroups = [2, 5];
