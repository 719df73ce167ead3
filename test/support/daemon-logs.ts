import type { ReasonCode } from '../../functions/domain/model/reasons.ts';

export const id = 'vpnc-00000000000000001';
export const peer = '192.0.2.2';
const own = `"${id}-1"`;

/** What the daemon of a router wrote of a connection, and what it comes to: a reason, and what it may be as well. */
export type DaemonLog = {
	what: string;
	lines: string[];
	reasons: ReasonCode[];
	/** It was this router that began: the same lines are what its initiation printed. */
	initiated?: true;
};

const line = (state: number, text: string) => `${own} #${state}: ${text}`;

/** The ways in which the families write the same steps. */
const libreswan = {
	initiates: line(1, 'initiating IKEv1 Main Mode connection'),
	initiatesV2: line(1, 'initiating IKEv2 connection'),
	phase1Up: line(1, 'IKE SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA1 group=MODP1536}'),
	quickMode: line(2, 'initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+UP {using isakmp#1 msgid:05af9940}'),
	up: line(2, 'IPsec SA established tunnel mode {ESP=>0xc8246b7d <0xe0bebf8d xfrm=AES_CBC_128-HMAC_SHA1_96 DPD=active}'),
	upV2: line(
		2,
		'initiator established Child SA using #1; IPsec tunnel [10.1.0.0/16===10.2.0.0/24] {ESP=>0xc8246b7d <0xe0bebf8d}',
	),
};
const openswan = {
	initiates: line(1, 'initiating Main Mode'),
	initiatesV2: line(1, 'initiating v2 parent SA'),
	sentMI2: line(1, 'STATE_MAIN_I2: sent MI2, expecting MR2'),
	sentMI3: line(1, 'STATE_MAIN_I3: sent MI3, expecting MR3'),
	phase1Up: line(
		1,
		'STATE_MAIN_I4: ISAKMP SA established {auth=OAKLEY_PRESHARED_KEY cipher=aes_128 prf=oakley_sha group=modp1024}',
	),
	quickMode: line(2, 'initiating Quick Mode PSK+ENCRYPT+TUNNEL+PFS+UP+SAREFTRACK {using isakmp#1 msgid:b88ca3a9}'),
	up: line(2, 'STATE_QUICK_I2: sent QI2, IPsec SA established tunnel mode {ESP=>0x0a0b0c0d <0x01020304 xfrm=AES_128-HMAC_SHA1}'),
};
const responds = line(1, 'responding to Main Mode');
const refusedPhase2: ReasonCode[] = ['phase2-refused', 'esp-proposal-mismatch', 'pfs-mismatch', 'subnet-mismatch'];

const initiated = (what: string, lines: string[], ...reasons: ReasonCode[]): DaemonLog => ({
	what,
	lines,
	reasons,
	initiated: true,
});
const logged = (what: string, lines: string[], ...reasons: ReasonCode[]): DaemonLog => ({ what, lines, reasons });

/** What stands in the log of the router and is not of this connection. */
export const foreignLines: string[] = [
	'packet from 203.0.113.9:500: no acceptable Oakley Transform',
	// Vendor ids are shown as they came.
	`packet from 203.0.113.9:500: ignoring Vendor ID payload [TIMESTEP packet from ${peer}: dead peer]`,
	`packet from [2001:db8::9]:500: ignoring Vendor ID payload [TIMESTEP packet from ${peer}: dead peer]`,
	`packet from 203.0.113.9:500: initial Aggressive Mode packet claiming to be from @${own} #1: malformed payload`,
	`"vpnc-00000000000000002-1" #4: cannot route -- route already in use for ${own}`,
	// Of a tunnel of the owner’s, whose peer may say what it likes of itself.
	`"office" #3: we require peer to have ID '192.0.2.12', but peer declares '@${own} #1: no acceptable Oakley Transform'`,
	`"office" #3: Peer ID is ID_FQDN: '@packet from ${peer}:500: no acceptable Oakley Transform'`,
];

export const daemonLogs: DaemonLog[] = [
	logged('a tunnel that is up', [libreswan.up]),
	logged('a fault that is over', [
		line(1, 'ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12'),
		libreswan.up,
	]),
	logged('a fault that is over since Openswan loaded the connection anew', [
		line(1, 'malformed payload in packet'),
		`adding connection: ${own}`,
	]),

	initiated(
		'another phase 1, as initiator',
		[libreswan.initiates, line(1, 'ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12')],
		'ike-proposal-mismatch',
	),
	initiated(
		'another phase 1, as initiator (Openswan)',
		[
			openswan.initiates,
			line(1, 'STATE_MAIN_I1: initiate'),
			line(1, 'Informational Exchange message must be encrypted'),
			line(1, 'STATE_MAIN_I1: retransmission; will wait 20s for response'),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'another phase 1, as initiator, to the end of its time (Libreswan 5)',
		[
			libreswan.initiates,
			line(1, 'sent Main Mode request'),
			line(1, 'ignoring unsecured informational payload NO_PROPOSAL_CHOSEN, length=28'),
			line(1, 'STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response'),
			line(
				1,
				'STATE_MAIN_I1: 30 second timeout exceeded after 6 retransmits.  No response (or no acceptable response) to our first IKEv1 message',
			),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'a refused first message of IKEv2',
		[
			openswan.initiatesV2,
			line(1, 'STATE_PARENT_I1: sent v2I1, expected v2R1'),
			line(1, 'STATE_PARENT_I1: received unauthenticated v2N_NO_PROPOSAL_CHOSEN - ignored'),
			line(1, 'STATE_PARENT_I1: retransmission; will wait 0.5 seconds for response'),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'a refused first message of IKEv2, to the end of its time',
		[
			libreswan.initiatesV2,
			line(1, 'sent IKE_SA_INIT request to 192.0.2.2:UDP/500'),
			line(
				1,
				'ignoring IKE_SA_INIT response containing NO_PROPOSAL_CHOSEN notification (Message ID 0; message payloads N, missing SA,KE,Ni)',
			),
			line(1, 'retransmitting IKE_SA_INIT request; will wait 0.5 seconds for response'),
			line(
				1,
				'IKE_SA_INIT_I: 60 second timeout exceeded after 5 retransmits.  No response (or no acceptable response) to our first IKEv2 message',
			),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'a group that is asked for and not allowed',
		[
			libreswan.initiatesV2,
			line(1, 'Discarding unauthenticated INVALID_KE_PAYLOAD response to DH MODP2048; suggested DH MODP1536 is not acceptable'),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'a group that is asked for and not allowed (Libreswan 5)',
		[
			libreswan.initiatesV2,
			line(1, 'discarding unauthenticated INVALID_KE_PAYLOAD response to KEM MODP2048; suggested KEM MODP1536 is not acceptable'),
			line(1, 'retransmitting IKE_SA_INIT request; will wait 1 second for response'),
		],
		'ike-proposal-mismatch',
	),
	initiated(
		'a peer that has not this version of IKE',
		[
			libreswan.initiatesV2,
			line(
				1,
				'ignoring IKE_SA_INIT response containing INVALID_MAJOR_VERSION notification (Message ID 0; message payloads N, missing SA,KE,Ni)',
			),
			line(1, 'STATE_V2_PARENT_I1: retransmission; will wait 0.5 seconds for response'),
		],
		'ike-proposal-mismatch',
	),
	logged(
		'another phase 1 of a peer that begins',
		[
			'packet from 192.0.2.2:500: initial Main Mode message received but no connection has been authorized with policy PSK+IKEV1_ALLOW',
			line(1, 'no acceptable Oakley Transform'),
		],
		'ike-proposal-mismatch',
	),
	logged(
		'another phase 1 of a peer that begins, IKEv2',
		[
			line(
				1,
				'no local proposal matches remote proposals 1:IKE:ENCR=AES_CBC_128;INTEG=HMAC_SHA2_256_128;PRF=HMAC_SHA2_256;DH=MODP2048',
			),
			line(1, 'responding to IKE_SA_INIT message (ID 0) from 192.0.2.2:500 with unencrypted notification NO_PROPOSAL_CHOSEN'),
		],
		'ike-proposal-mismatch',
	),

	initiated(
		'another phase 2 of IKEv2, in a message that was not expected',
		[
			line(1, 'initiating IKEv2 IKE SA'),
			line(
				2,
				'dropping unexpected ISAKMP_v2_IKE_AUTH message containing v2N_NO_PROPOSAL_CHOSEN notification; message payloads: SK; encrypted payloads: IDr,AUTH,N,V; unexpected payloads: IDr,AUTH',
			),
			line(2, 'STATE_PARENT_I2: retransmission; will wait 0.5 seconds for response'),
		],
		'esp-proposal-mismatch',
	),
	initiated(
		'another phase 2 of IKEv2',
		[
			libreswan.initiatesV2,
			line(1, 'sent IKE_AUTH request to 192.0.2.2:UDP/500; Child SA #2 {ESP <0xe0bebf8d}'),
			line(1, 'established IKE SA; authenticated using PSK'),
			line(2, 'IKE_AUTH response rejected Child SA with NO_PROPOSAL_CHOSEN'),
		],
		'esp-proposal-mismatch',
	),
	initiated(
		'another phase 2 of IKEv2 (Libreswan 5)',
		[
			libreswan.initiatesV2,
			line(1, 'processing IKE_AUTH response from 192.0.2.2:UDP/500 containing SK{IDr,AUTH,N(NO_PROPOSAL_CHOSEN)}'),
			line(1, 'initiator established IKE SA; authenticated peer using authby=secret and IPV4_ADDR 192.0.2.2'),
		],
		'esp-proposal-mismatch',
	),
	initiated(
		'another phase 2 of IKEv2, which the daemon takes for unauthenticated',
		[
			openswan.initiatesV2,
			line(2, 'STATE_PARENT_I2: sent v2I2, expected v2R2'),
			line(2, 'STATE_PARENT_I2: received unauthenticated v2N_NO_PROPOSAL_CHOSEN - ignored'),
			line(2, 'STATE_PARENT_I2: retransmission; will wait 1 seconds for response'),
		],
		'esp-proposal-mismatch',
	),
	logged(
		'another phase 2 of a peer that begins',
		[responds, line(1, 'STATE_MAIN_R3: sent MR3, ISAKMP SA established'), line(2, 'no acceptable Proposal in IPsec SA')],
		'esp-proposal-mismatch',
	),

	logged(
		'another identity of a peer that begins',
		[
			line(1, 'responding to Main Mode from unknown peer 192.0.2.2:500'),
			line(1, "Peer ID is ID_IPV4_ADDR: '10.9.9.9'"),
			line(1, 'Peer mismatch on first found connection and no better connection found'),
			line(1, 'sending encrypted notification INVALID_ID_INFORMATION to 192.0.2.2:500'),
		],
		'identity-mismatch',
	),
	logged(
		'another identity of a peer that begins (Openswan)',
		[
			responds,
			line(1, "Main mode peer ID is ID_IPV4_ADDR: '10.9.9.9'"),
			line(1, "no suitable connection for peer '10.9.9.9'"),
			line(1, 'sending encrypted notification INVALID_ID_INFORMATION to 192.0.2.2:500'),
		],
		'identity-mismatch',
	),
	initiated(
		'another identity of the peer',
		[
			libreswan.initiates,
			line(1, "Peer ID is FQDN: '@someone.else.example'"),
			line(1, "Peer ID '@someone.else.example' mismatched on first found connection and no better connection found"),
			line(1, 'sending encrypted notification INVALID_ID_INFORMATION to 192.0.2.2:500'),
			line(1, 'STATE_MAIN_I3: retransmission; will wait 0.5 seconds for response'),
		],
		'identity-mismatch',
	),
	initiated(
		'another identity of the peer (Openswan)',
		[
			openswan.initiates,
			openswan.sentMI3,
			line(1, "we require peer to have ID '192.0.2.2', but peer declares '@someone.else.example'"),
			line(1, 'STATE_MAIN_I3: INVALID_ID_INFORMATION'),
			line(1, 'sending encrypted notification INVALID_ID_INFORMATION to 192.0.2.2:500'),
		],
		'identity-mismatch',
	),
	initiated(
		'our own identity refused, before phase 1 is up',
		[
			openswan.initiates,
			openswan.sentMI3,
			line(1, 'ignoring informational payload INVALID_ID_INFORMATION, msgid=00000000, length=12'),
			line(1, 'received and ignored informational message'),
			line(1, 'STATE_MAIN_I3: retransmission; will wait 0.5 seconds for response'),
		],
		'identity-mismatch',
	),
	initiated(
		'our own identity refused, before phase 1 is up (Openswan)',
		[
			openswan.initiates,
			openswan.sentMI3,
			line(1, 'ignoring informational payload, type INVALID_ID_INFORMATION msgid=00000000'),
			line(1, 'max number of retransmissions (2) reached STATE_MAIN_I3.  Possible authentication failure:'),
		],
		'identity-mismatch',
	),
	initiated(
		'our own identity refused, before phase 1 is up (Libreswan 5)',
		[
			libreswan.initiates,
			line(1, 'sent Main Mode I3'),
			line(1, 'ignoring unsecured informational payload INVALID_ID_INFORMATION, length=28'),
		],
		'identity-mismatch',
	),

	initiated(
		'another key, as initiator',
		[libreswan.initiates, line(1, 'Possible authentication failure: no acceptable response to our first encrypted message')],
		'psk-mismatch',
	),
	initiated(
		'another key, as initiator (Openswan)',
		[
			openswan.initiates,
			openswan.sentMI3,
			line(1, 'byte 2 of ISAKMP Hash Payload must be zero, but is not'),
			line(1, 'malformed payload in packet'),
			line(1, 'sending notification PAYLOAD_MALFORMED to 192.0.2.2:500'),
			line(1, 'STATE_MAIN_I3: retransmission; will wait 20s for response'),
		],
		'psk-mismatch',
	),
	initiated(
		'another key, says the peer',
		[
			openswan.initiates,
			openswan.sentMI3,
			line(1, 'ignoring informational payload, type PAYLOAD_MALFORMED msgid=00000000'),
			line(1, 'received and ignored informational message'),
		],
		'psk-mismatch',
	),
	initiated(
		'another key, says the peer (Libreswan 5)',
		[
			libreswan.initiates,
			line(1, 'sent Main Mode I3'),
			line(1, 'ignoring unsecured informational payload PAYLOAD_MALFORMED, length=28'),
			line(1, 'received 1 malformed payload notifies'),
		],
		'psk-mismatch',
	),
	initiated(
		'another key, IKEv2',
		[
			line(2, 'STATE_PARENT_I2: sent v2I2, expected v2R2'),
			line(2, 'IKE SA authentication request rejected: AUTHENTICATION_FAILED'),
		],
		'psk-mismatch',
		'identity-mismatch',
	),
	initiated(
		'another key, IKEv2 (Libreswan 4 and 5)',
		[
			libreswan.initiatesV2,
			line(1, 'sent IKE_AUTH request to 192.0.2.2:UDP/500; Child SA #2 {ESP <0xe0bebf8d}'),
			line(1, 'IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED'),
		],
		'psk-mismatch',
		'identity-mismatch',
	),
	initiated(
		'another key, IKEv2, of a peer that calls it a syntax error',
		[libreswan.initiatesV2, line(1, 'IKE SA authentication request rejected by peer: INVALID_SYNTAX')],
		'psk-mismatch',
		'identity-mismatch',
	),
	initiated(
		'another key, IKEv2, left unanswered',
		[
			libreswan.initiatesV2,
			line(1, 'processed IKE_SA_INIT response from 192.0.2.2:UDP/500 {cipher=AES_CBC_256}, initiating IKE_AUTH'),
			line(1, 'retransmitting IKE_AUTH request; will wait 0.5 seconds for response'),
			line(
				1,
				'IKE_AUTH_I: 60 second timeout exceeded after 0 retransmits.  Possible authentication failure: no acceptable response to our first encrypted message',
			),
		],
		'psk-mismatch',
	),
	initiated(
		'a key that is missing',
		[
			openswan.initiates,
			line(
				1,
				"Can't authenticate: no preshared key found for `192.0.2.1' and `192.0.2.2'.  Attribute OAKLEY_AUTHENTICATION_METHOD",
			),
			line(1, 'no acceptable Oakley Transform'),
			line(1, 'sending notification NO_PROPOSAL_CHOSEN to 192.0.2.2:500'),
		],
		'psk-mismatch',
	),
	logged(
		'a key that is missing, of a peer that begins',
		[
			responds,
			line(
				1,
				"Can't authenticate: no preshared key found for `192.0.2.1' and `192.0.2.2'.  Attribute OAKLEY_AUTHENTICATION_METHOD",
			),
			line(1, 'no acceptable Oakley Transform'),
		],
		'psk-mismatch',
	),
	logged(
		'another key of a peer that begins, IKEv2',
		[
			line(
				1,
				'proposal 1:IKE=AES_CBC_256-HMAC_SHA2_256-MODP2048 chosen from remote proposals 1:IKE:ENCR=AES_CBC_256[first-match]',
			),
			line(1, "authentication failed: computed hash does not match hash received from peer ID_IPV4_ADDR '192.0.2.2'"),
			line(1, 'responding to IKE_AUTH message (ID 1) from 192.0.2.2:500 with encrypted notification AUTHENTICATION_FAILED'),
		],
		'psk-mismatch',
	),

	initiated(
		'a refused phase 2 of which the peer says no more',
		[
			libreswan.initiates,
			libreswan.phase1Up,
			line(1, 'ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12'),
		],
		...refusedPhase2,
	),
	initiated(
		'a refused phase 2 of which the peer says no more, on a phase 1 of long ago',
		[libreswan.quickMode, line(1, 'ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=f05af994, length=16')],
		...refusedPhase2,
	),
	initiated(
		'a phase 2 left unanswered to the end of its time',
		[
			openswan.initiates,
			openswan.phase1Up,
			openswan.quickMode,
			line(
				2,
				'STATE_QUICK_I1: 60 second timeout exceeded after 7 retransmits.  No acceptable response to our first Quick Mode message: perhaps peer likes no proposal',
			),
		],
		...refusedPhase2,
	),
	initiated(
		'a phase 2 left unanswered to the end of its time (Openswan)',
		[
			openswan.initiates,
			openswan.phase1Up,
			openswan.quickMode,
			line(
				2,
				'max number of retransmissions (2) reached STATE_QUICK_I1.  No acceptable response to our first Quick Mode message: perhaps peer likes no proposal',
			),
		],
		...refusedPhase2,
	),
	initiated(
		'a phase 2 left unanswered to the end of its time (Openswan, a rekey)',
		[openswan.quickMode, line(2, 'max number of retransmissions (2) reached STATE_QUICK_I1')],
		...refusedPhase2,
	),
	initiated(
		'a phase 2 left unanswered so far',
		[
			libreswan.initiates,
			libreswan.phase1Up,
			libreswan.quickMode,
			line(2, 'STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response'),
		],
		...refusedPhase2,
	),
	initiated(
		'a further tunnel of IKEv2 refused without more',
		[
			libreswan.upV2,
			line(3, 'initiating Child SA using IKE SA #1'),
			line(
				3,
				'response for Child SA #3 was rejected with NO_PROPOSAL_CHOSEN; initiating delete of Child SA (IKE SA will remain UP)',
			),
		],
		...refusedPhase2,
	),
	initiated(
		'another group of a further tunnel of IKEv2',
		[
			libreswan.upV2,
			line(
				3,
				'CREATE_CHILD_SA failed with error notification INVALID_KE_PAYLOAD response suggesting MODP4096 instead of MODP8192',
			),
		],
		'pfs-mismatch',
	),
	initiated(
		'other subnets, as initiator',
		[
			libreswan.initiates,
			libreswan.phase1Up,
			line(1, 'ignoring informational payload INVALID_ID_INFORMATION, msgid=00000000, length=16'),
			line(2, 'STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response'),
		],
		'subnet-mismatch',
	),
	initiated(
		'other subnets, on a phase 1 of long ago (Libreswan 5)',
		[libreswan.quickMode, line(1, 'ignoring secured informational payload INVALID_ID_INFORMATION, msgid=1335a5ac, length=16')],
		'subnet-mismatch',
	),
	initiated(
		'other subnets, IKEv2',
		[libreswan.initiatesV2, line(2, 'IKE_AUTH response rejected Child SA with TS_UNACCEPTABLE')],
		'subnet-mismatch',
	),
	logged(
		'other subnets of a peer that begins, after it refused ours without a word',
		[
			libreswan.initiates,
			libreswan.phase1Up,
			line(2, 'STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response'),
			line(
				3,
				'cannot respond to IPsec SA request because no connection is known for 10.1.0.0/16===192.0.2.1...192.0.2.2===10.77.0.0/24',
			),
		],
		'subnet-mismatch',
	),
	logged(
		'no PFS of a peer that begins',
		[responds, line(2, 'we require PFS but Quick I1 SA specifies no GROUP_DESCRIPTION')],
		'pfs-mismatch',
	),

	logged('the dead-peer time (Openswan)', [line(1, 'DPD: No response from peer - declaring peer dead')], 'dpd-timeout'),
	logged('the dead-peer time', [line(1, 'DPD action - putting connection into hold')], 'dpd-timeout'),
	logged(
		'the dead-peer time of IKEv2',
		[
			openswan.up,
			line(
				1,
				'STATE_V2_ESTABLISHED_IKE_SA: 60 second timeout exceeded after 7 retransmits.  No response (or no acceptable response) to our IKEv2 message',
			),
		],
		'dpd-timeout',
	),
	logged(
		'the dead-peer time of IKEv2 (Libreswan 5)',
		[
			libreswan.upV2,
			line(1, 'ESTABLISHED_IKE_SA: retransmission; will wait 0.5 seconds for response'),
			line(
				1,
				'ESTABLISHED_IKE_SA: 30 second timeout exceeded after 6 retransmits.  No response (or no acceptable response) to our IKEv2 message',
			),
		],
		'dpd-timeout',
	),
	logged(
		'the dead-peer time of IKEv2, where the peer began (Libreswan 3)',
		[libreswan.upV2, line(1, 'STATE_PARENT_R2: 60 second timeout exceeded after 0 retransmits.')],
		'dpd-timeout',
	),
	logged(
		'the dead-peer time of IKEv2, and what is done about it',
		[libreswan.upV2, line(1, 'liveness action - clearing connection kind CK_PERMANENT')],
		'dpd-timeout',
	),
	logged(
		'the dead-peer time, and a peer that stays away',
		[
			line(1, 'DPD: No response from peer - declaring peer dead'),
			line(3, 'initiating Main Mode'),
			line(3, 'STATE_MAIN_I1: retransmission; will wait 20s for response'),
		],
		'dpd-timeout',
	),

	logged(
		'a close by the peer',
		[libreswan.phase1Up, libreswan.up, line(1, 'received Delete SA payload: self-deleting ISAKMP State #1')],
		'peer-deleted',
	),
	logged(
		'a close by the peer of one tunnel (Openswan)',
		[openswan.up, line(1, 'received Delete SA(0x0a0b0c0d) payload: deleting IPSEC State #2')],
		'peer-deleted',
	),
	logged(
		'a close by the peer as soon as it knew who we are',
		[libreswan.initiates, libreswan.phase1Up, line(1, 'received Delete SA payload: self-deleting ISAKMP State #1')],
		'peer-deleted',
		'identity-mismatch',
	),

	initiated(
		'another tunnel that has the route',
		[
			openswan.initiates,
			openswan.phase1Up,
			openswan.quickMode,
			line(2, 'cannot install eroute -- it is in use for "elsewhere" #7'),
		],
		'route-conflict',
	),
	initiated(
		'another tunnel that has the route already',
		[libreswan.initiates, libreswan.phase1Up, line(2, 'cannot route -- route already in use for "elsewhere"')],
		'route-conflict',
	),
	initiated(
		'another tunnel that has the route (Libreswan 5)',
		[
			libreswan.initiates,
			line(
				2,
				'cannot install kernel policy 10.1.0.0/16===10.2.0.0/24; in use by IPsec SA "elsewhere" #7 with routing routed-tunnel',
			),
			line(2, 'STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response'),
		],
		'route-conflict',
	),
	initiated(
		'another tunnel that has the route, and a peer that falls silent then',
		[
			openswan.initiates,
			openswan.phase1Up,
			line(2, 'cannot route -- route already in use for "elsewhere"[1]'),
			line(2, 'max number of retransmissions (2) reached STATE_QUICK_I1'),
		],
		'route-conflict',
	),
	initiated(
		'another tunnel that has the route, which is allowed',
		[
			libreswan.initiates,
			libreswan.phase1Up,
			line(2, 'cannot route -- route already in use for "elsewhere" - but allowing anyway'),
			line(2, 'STATE_QUICK_I1: retransmission; will wait 0.5 seconds for response'),
		],
		...refusedPhase2,
	),

	initiated(
		'a peer of which nothing is heard',
		[libreswan.initiates, line(1, 'STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response')],
		'peer-unreachable',
	),
	initiated(
		'a peer of which nothing is heard (Openswan)',
		[
			openswan.initiates,
			line(1, 'STATE_MAIN_I1: initiate'),
			line(
				1,
				'max number of retransmissions (20) reached STATE_MAIN_I1.  No response (or no acceptable response) to our first IKE message',
			),
		],
		'peer-unreachable',
	),
	initiated(
		'a peer of which nothing is heard, and which is tried again',
		[
			libreswan.initiates,
			line(1, 'STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response'),
			`${own}: initiating connection '${id}-1' with serial $7 which received a Delete/Notify but must remain up per local policy`,
		],
		'peer-unreachable',
	),
	initiated(
		'a peer of which nothing is heard, IKEv2 (Libreswan 5)',
		[libreswan.initiatesV2, line(1, 'retransmitting IKE_SA_INIT request; will wait 0.5 seconds for response')],
		'peer-unreachable',
	),
	initiated(
		'a peer whose host refuses',
		[
			libreswan.initiates,
			line(
				1,
				'ERROR: asynchronous network error report on wan (192.0.2.1:500), complainant 192.0.2.2: Connection refused [errno 111, origin ICMP type 3 code 3 (not authenticated)]',
			),
		],
		'peer-unreachable',
	),
	initiated(
		'a filter that says so',
		[
			libreswan.initiates,
			line(
				1,
				'ERROR: asynchronous network error report on wan (192.0.2.1:500), complainant 203.0.113.9: No route to host [errno 113, origin ICMP type 3 code 13 (not authenticated)]',
			),
			line(1, 'STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response'),
		],
		'firewall-blocked',
	),
	initiated('a peer that answers, and no further', [
		openswan.initiates,
		line(1, 'received Vendor ID payload [Dead Peer Detection]'),
		openswan.sentMI2,
		line(1, 'STATE_MAIN_I2: retransmission; will wait 20s for response'),
	]),
	initiated('a peer that answers late', [
		libreswan.initiates,
		line(1, 'STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response'),
		line(1, 'sent Main Mode I2'),
	]),
	initiated('a peer that begins while ours is left unanswered', [
		openswan.initiates,
		line(1, 'STATE_MAIN_I1: retransmission; will wait 20s for response'),
		line(2, 'responding to Main Mode'),
	]),
	initiated('a conn that is not there', [`021 no connection named ${own}`], 'config-not-applied'),
	initiated('a conn that is not there (Libreswan 5)', [`no connection or alias named ${own}`], 'config-not-applied'),
];
