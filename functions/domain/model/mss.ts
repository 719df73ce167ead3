import type { Encryption, EspPolicy, Hash } from './crypto-suite.ts';

const wanMtu = 1_500;
const ipHeader = 20;
const udpHeader = 8;
/** SPI and sequence number (RFC 4303). */
const espHeader = 8;
/** Pad length and next header, which end the padded part. */
const espTrailer = 2;
const innerHeaders = 40;

/** The IV is one cipher block long (RFC 2451, RFC 3602). */
const block: Record<Encryption, number> = { aes128: 16, aes192: 16, aes256: 16, '3des': 8 };
/** Truncated HMACs (RFC 2403, RFC 2404, RFC 4868). */
const icv: Record<Hash, number> = { md5: 12, sha1: 12, sha256: 16, sha384: 24, sha512: 32 };

type EspSuite = Pick<EspPolicy, 'encryption' | 'hash'>;

/** The largest TCP segment that one ESP packet carries over a WAN of 1500 bytes. */
export const largestMss = ({ encryption, hash }: EspSuite, natt: boolean): number => {
	const outer = ipHeader + (natt ? udpHeader : 0) + espHeader + block[encryption] + icv[hash];
	const padded = Math.floor((wanMtu - outer) / block[encryption]) * block[encryption];
	return padded - espTrailer - innerHeaders;
};

/** 1360 leaves room for a path of 1476 bytes, as with GRE or PPPoE. */
export const tcpMss = (suite: EspSuite, natt: boolean): number => Math.min(1_360, largestMss(suite, natt));
