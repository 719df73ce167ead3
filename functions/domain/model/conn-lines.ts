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
	`\trekeymargin=${rekeyMarginSeconds(conn)}s`,
	'\trekeyfuzz=50%',
];

/** The period of the router's own timer, by which an SA that is not replaced by itself is seen. */
const healSeconds = 15;

/**
 * The default margin of 540 s lets idle tunnels of 541 to 1079 s expire. With less than three passes there may be no time to initiate
 * beside an SA that would expire instead of being replaced.
 */
const rekeyMarginSeconds = ({ ike, esp }: Pick<Conn, 'ike' | 'esp'>): number =>
	Math.max(3 * healSeconds, Math.floor(Math.min(ike.lifetimeSeconds, esp.lifetimeSeconds) / 10));

/** `hold` leaves a trap that restarts the tunnel. An instance of `%any` is cleared, since its address may never return. */
export const dpdAction = (conn: Conn): string => (conn.right === '%any' ? 'clear' : 'hold');
