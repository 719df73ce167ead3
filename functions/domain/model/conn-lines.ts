import type { Conn } from './conn-model.ts';
import type { Hash } from './crypto-suite.ts';

/** Replaced on the router by its own address, which the control plane cannot know behind a 1:1 NAT. */
export const localAddress = '%s2s-local';

/** The spelling that every version of both families accepts. */
export const hashWord: Record<Hash, string> = {
	md5: 'md5',
	sha1: 'sha1',
	sha256: 'sha2_256',
	sha384: 'sha2_384',
	sha512: 'sha2_512',
};

/**
 * The options that both dialects spell alike. Every option that matters is given: one that is not can leak in from the owner's
 * `conn %default`. Openswan 2.6 needs the `s` after lifetimes and rejects it after the DPD times.
 */
export const sharedLines = (conn: Conn): string[] => [
	`conn ${conn.name}`,
	'\ttype=tunnel',
	'\tauthby=secret',
	'\tauto=add',
	`\tleft=${localAddress}`,
	`\tleftid=${conn.leftId}`,
	`\tleftsubnet=${conn.leftSubnet}`,
	`\tright=${conn.right}`,
	`\trightid=${conn.rightId}`,
	`\trightsubnet=${conn.rightSubnet}`,
	`\tikev2=${conn.ike.version === 'ikev2' ? 'insist' : 'no'}`,
	...(conn.ike.version === 'ikev1' ? ['\taggrmode=no'] : []),
	'\tphase2=esp',
	`\tpfs=${conn.esp.pfsGroup === null ? 'no' : 'yes'}`,
	'\tcompress=no',
	`\tikelifetime=${conn.ike.lifetimeSeconds}s`,
	`\tsalifetime=${conn.esp.lifetimeSeconds}s`,
	'\trekey=yes',
	// The default margin of 540 s lets idle tunnels of 541 to 1079 s expire.
	`\trekeymargin=${Math.floor(Math.min(conn.ike.lifetimeSeconds, conn.esp.lifetimeSeconds) / 10)}s`,
	'\trekeyfuzz=50%',
];

/** `hold` leaves a trap that restarts the tunnel. An instance of `%any` is cleared, since its address may never return. */
export const dpdAction = (conn: Conn): string => (conn.right === '%any' ? 'clear' : 'hold');
