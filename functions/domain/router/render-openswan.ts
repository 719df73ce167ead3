import { dpdAction, hashWord, sharedLines } from '../model/conn-lines.ts';
import type { Conn } from '../model/conn-model.ts';
import { type DaemonVersion, isBelow } from '../rules/daemon-version.ts';
import { modpOf } from '../rules/router-capabilities.ts';

export const openswanSetup = ['nat_traversal=yes', 'oe=off', 'protostack=netkey'];

/**
 * A conn for Openswan 2.6.38 to 3.0. Only `!` makes 2.6 strict as a responder (otherwise it accepts 3des-md5-modp1024), while
 * 3.0 is strict anyway and rejects it. In `phase2alg` it comes before the PFS group.
 */
export const renderOpenswan = (conn: Conn, daemon: DaemonVersion): string[] => {
	const strict = isBelow(daemon, [3]) ? '!' : '';
	const { ike, esp, dpd } = conn;
	const pfs = esp.pfsGroup === null ? '' : `;${modpOf[esp.pfsGroup]}`;
	return [
		...sharedLines(conn),
		`\tike=${ike.encryption}-${hashWord[ike.hash]};${modpOf[ike.dhGroup]}${strict}`,
		`\tphase2alg=${esp.encryption}-${hashWord[esp.hash]}${strict}${pfs}`,
		'\tkeyingtries=0',
		...(dpd.enabled
			? [`\tdpddelay=${dpd.delaySeconds}`, `\tdpdtimeout=${dpd.timeoutSeconds}`, `\tdpdaction=${dpdAction(conn)}`]
			: []),
		`\tforceencaps=${conn.forceEncaps ? 'yes' : 'no'}`,
	];
};
