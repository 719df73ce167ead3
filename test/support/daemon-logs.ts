export const id = 'vpnc-00000000000000001';
const own = `"${id}-1"`;
const phase1Up = `${own} #1: IKE SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA1 group=MODP1536}`;

/** What the daemon of a router wrote, and what it comes to. The lines are of Libreswan 4.10, and of Openswan where it says so. */
export const daemonLogs: [what: string, lines: string[], reasons: string][] = [
	['the dead-peer time (Openswan)', [`${own} #1: DPD: No response from peer - declaring peer dead`], 'dpd-timeout'],
	['the dead-peer time', [`${own} #1: DPD action - putting connection into hold`], 'dpd-timeout'],
	[
		'a close by the peer',
		[
			phase1Up,
			`${own} #2: IPsec SA established tunnel mode {ESP=>0xc8246b7d <0xe0bebf8d}`,
			`${own} #1: received Delete SA payload: self-deleting ISAKMP State #1`,
		],
		'peer-deleted',
	],
	['a tunnel that is up', [`${own} #2: IPsec SA established tunnel mode {ESP=>0xc8246b7d <0xe0bebf8d}`], ''],
	[
		'another key, as initiator',
		[
			`${own} #1: initiating IKEv1 Main Mode connection`,
			`${own} #1: Possible authentication failure: no acceptable response to our first encrypted message`,
		],
		'psk-mismatch',
	],
	[
		'another phase 1, as initiator',
		[
			`${own} #1: initiating IKEv1 Main Mode connection`,
			`${own} #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12`,
		],
		'ike-proposal-mismatch',
	],
	[
		'a refused phase 2 of which the peer says no more',
		[
			`${own} #1: initiating IKEv1 Main Mode connection`,
			phase1Up,
			`${own} #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12`,
		],
		'phase2-refused,esp-proposal-mismatch,pfs-mismatch,subnet-mismatch',
	],
	[
		'other subnets, as initiator',
		[
			`${own} #1: initiating IKEv1 Main Mode connection`,
			phase1Up,
			`${own} #1: ignoring informational payload INVALID_ID_INFORMATION, msgid=00000000, length=16`,
			`${own} #2: STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response`,
		],
		'subnet-mismatch',
	],
	[
		'another phase 1 of a peer that begins',
		[
			'packet from 192.0.2.2:500: initial Main Mode message received but no connection has been authorized with policy PSK+IKEV1_ALLOW',
			`${own} #1: no acceptable Oakley Transform`,
		],
		'ike-proposal-mismatch',
	],
	['the refusal of a peer that is not ours', ['packet from 192.0.2.9:500: no acceptable Oakley Transform'], ''],
	[
		'a fault that is over',
		[
			`${own} #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12`,
			`${own} #4: IPsec SA established tunnel mode {ESP=>0xc8246b7d <0xe0bebf8d}`,
		],
		'',
	],
];
