import { dpdAction, hashWord, sharedLines } from '../model/conn-lines.ts';
import type { Conn } from '../model/conn-model.ts';
import { type DaemonVersion, isBelow } from '../rules/daemon-version.ts';
import { modpOf } from '../rules/router-capabilities.ts';

/** Libreswan 4 and later may drop IKEv1 unless configured otherwise (Debian's does); 3.x does not know the option. */
export const libreswanSetup = (daemon: DaemonVersion): string[] => (isBelow(daemon, [4]) ? [] : ['ikev1-policy=accept']);

/** A conn for Libreswan 3.x to 5.x, which is strict by default. 5.x warns about `dpdaction` and `keyingtries` and ignores them. */
export const renderLibreswan = (conn: Conn, daemon: DaemonVersion): string[] => {
	const { ike, esp, dpd } = conn;
	const before5 = isBelow(daemon, [5]);
	const pfs = esp.pfsGroup === null ? '' : `;${modpOf[esp.pfsGroup]}`;
	// IKEv2 gives up on a peer by its retransmissions, and 5.x has no other timeout for it.
	const timeout = before5 || ike.version === 'ikev1' ? [`\tdpdtimeout=${dpd.timeoutSeconds}`] : [];
	return [
		...sharedLines(conn),
		`\tike=${ike.encryption}-${hashWord[ike.hash]};${modpOf[ike.dhGroup]}`,
		`\tphase2alg=${esp.encryption}-${hashWord[esp.hash]}${pfs}`,
		...(before5 ? ['\tkeyingtries=0'] : []),
		...(dpd.enabled ? [`\tdpddelay=${dpd.delaySeconds}`, ...timeout] : []),
		...(dpd.enabled && before5 ? [`\tdpdaction=${dpdAction(conn)}`] : []),
		`\tencapsulation=${conn.forceEncaps ? 'yes' : 'auto'}`,
		'\tfragmentation=yes',
	];
};
