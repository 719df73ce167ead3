import { hashWord } from '../../model/conn-lines.ts';
import { modpOf } from '../../rules/router-capabilities.ts';
import type { DeviceConfig, SwanNames } from '../contract/peer-device.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { type IpsecDaemon, ipsecScript, rekeyMargin } from './ipsec-script.ts';
import { evenIfNot, type ToBase64 } from './swan-script.ts';

/**
 * Libreswan 4 and later may drop IKEv1 unless told otherwise; 3.x does not know the option. It reads the first section `config setup` that says
 * anything and passes over the others, and reads it at its start only. It is said once for all connections of the device, and goes with the
 * last that needs it.
 */
const acceptIkev1: ReturnType<IpsecDaemon['setup']> = {
	change: [
		'# IKEv1 has to be allowed where the daemon reads it, which is at its start; its other tunnels come up again afterwards.',
		'case "$(ipsec --version)" in *Libreswan\\ [4-9]*)',
		"  grep -q '^config setup' /etc/ipsec.conf || echo 'config setup' >>/etc/ipsec.conf",
		"  grep -q '^[[:blank:]]*ikev1-policy=accept' /etc/ipsec.conf || {",
		"    sed -i -e 's/^[[:blank:]]*ikev1-policy=/# s2s-vpn: &/' -e '0,/^config setup.*/s//&\\n\\tikev1-policy=accept # s2s-vpn/' /etc/ipsec.conf",
		'    ! ipsec whack --status >/dev/null 2>&1 || ipsec setup restart',
		'  } ;;',
		'esac',
	],
	undo: [
		"grep -qs '^[[:blank:]]*ikev2=no' /etc/ipsec.conf /etc/ipsec.d/*.conf ||",
		"  sed -i -e '/^\\tikev1-policy=accept # s2s-vpn$/d' -e 's/^# s2s-vpn: //' /etc/ipsec.conf",
	],
};
const noSetup = { change: [], undo: [] };

type Words = { strict: '' | '!'; encapsulation: string };

const suite = (view: PeerView, { strict, encapsulation }: Words): string[] => {
	const { ike, esp } = view;
	return [
		`ike=${ike.encryption}-${hashWord[ike.hash]};${modpOf[ike.dhGroup]}${strict}`,
		`phase2alg=${esp.encryption}-${hashWord[esp.hash]}${strict}${esp.pfsGroup === null ? '' : `;${modpOf[esp.pfsGroup]}`}`,
		`pfs=${esp.pfsGroup === null ? 'no' : 'yes'}`,
		`ikev2=${ike.version === 'ikev2' ? 'insist' : 'no'}`,
		encapsulation,
		`salifetime=${esp.lifetimeSeconds}s`,
		`rekeymargin=${rekeyMargin(view)}`,
	];
};

const pluto = {
	load: (conns: readonly string[]) => [
		'ipsec whack --status >/dev/null 2>&1 || ipsec setup start',
		'ipsec auto --rereadsecrets',
		// A daemon that runs takes a new conn by its name only.
		...conns.map((name) => `ipsec auto --replace ${name}`),
		// To wait for a peer that is away would keep the others down; the daemon goes on by itself.
		...conns.map((name) => evenIfNot(`ipsec auto --asynchronous --up ${name}`)),
	],
	unload: (conn: string) => `ipsec auto --delete ${conn}`,
	reread: ['ipsec auto --rereadsecrets'],
	status: 'ipsec auto --status',
};

const daemons: Record<'libreswan' | 'openswan', IpsecDaemon> = {
	libreswan: {
		...pluto,
		suite: (view) => suite(view, { strict: '', encapsulation: `encapsulation=${view.forceEncaps ? 'yes' : 'auto'}` }),
		setup: ({ ike }) => (ike.version === 'ikev1' ? acceptIkev1 : noSetup),
	},
	openswan: {
		...pluto,
		suite: (view) => suite(view, { strict: '!', encapsulation: `forceencaps=${view.forceEncaps ? 'yes' : 'no'}` }),
		setup: () => noSetup,
	},
};

/** Libreswan and Openswan, whose daemon is pluto. */
export const plutoConfig = (
	view: PeerView,
	{ prefix }: SwanNames,
	{ family, toBase64 }: { family: 'libreswan' | 'openswan'; toBase64: ToBase64 },
): DeviceConfig => ipsecScript(view, daemons[family], { prefix, toBase64 });
