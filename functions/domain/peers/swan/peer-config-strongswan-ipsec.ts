import type { DeviceConfig, SwanNames } from '../contract/peer-device.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { type IpsecDaemon, ipsecScript, rekeyMargin } from './ipsec-script.ts';
import { espProposal, ikeProposal } from './strongswan-proposals.ts';
import type { ToBase64 } from './swan-script.ts';

const strongswan: IpsecDaemon = {
	suite: (view) => [
		`ike=${ikeProposal(view.ike)}!`,
		`esp=${espProposal(view.esp)}!`,
		`keyexchange=${view.ike.version}`,
		'mobike=no',
		`forceencaps=${view.forceEncaps ? 'yes' : 'no'}`,
		`lifetime=${view.esp.lifetimeSeconds}s`,
		`margintime=${rekeyMargin(view)}`,
	],
	setup: () => ({ change: [], undo: [] }),
	load: () => [
		'ipsec status >/dev/null 2>&1 || ipsec start',
		// It takes a moment before the daemon listens.
		'for n in 1 2 3 4 5 6 7 8 9; do ipsec rereadsecrets >/dev/null 2>&1 && break; sleep 1; done',
		'ipsec update',
	],
	unload: (conn) => `ipsec down ${conn}`,
	reread: ['ipsec rereadsecrets', 'ipsec update'],
	status: 'ipsec statusall',
};

/** strongSwan by `ipsec.conf`, which its stroke plugin reads. */
export const strongswanIpsecConfig = (view: PeerView, { prefix }: SwanNames, toBase64: ToBase64): DeviceConfig =>
	ipsecScript(view, strongswan, { prefix, toBase64 });
