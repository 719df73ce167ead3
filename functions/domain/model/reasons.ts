import * as z from 'zod';

/** Where a remedy belongs: at the peer device, at our router, at both ends alike, at a network in between, or in the request. */
export const Side = z.enum(['peer', 'router', 'both', 'path', 'request']);
type Row = {
	/** What brings it: a tunnel that is not well, a request that cannot be met, or something that heals by itself. */
	kind: 'down' | 'refused' | 'transient';
	/** What it does to a tunnel: `degrades` leaves its pairs up. */
	effect: 'down' | 'degrades';
	side: z.infer<typeof Side>;
	meaning: string;
	remedy: string;
};

/** Every reason that a connection can give: what it means, and what to do about it. */
export const reasons = {
	'peer-unreachable': {
		kind: 'down',
		effect: 'down',
		side: 'peer',
		meaning: 'the peer does not answer IKE',
		remedy: 'check that the peer device is on, that its address is right and that UDP 500 and 4500 reach it',
	},
	'waiting-for-peer': {
		kind: 'down',
		effect: 'down',
		side: 'peer',
		meaning: 'the peer has not initiated yet',
		remedy: 'this side only responds: start the tunnel from the peer device',
	},
	'ike-proposal-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the peer refuses the phase 1 proposal',
		remedy: 'make encryption, hash, DH group and IKE version of phase 1 the same on both sides',
	},
	'psk-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the pre-shared keys differ',
		remedy: 'set the same pre-shared key on both sides',
	},
	'identity-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the peer presents another identity than expected',
		remedy: 'set remoteId to what the peer presents, or change the local identity on the peer',
	},
	'phase2-refused': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the peer refuses phase 2 without saying why',
		remedy: 'compare the phase 2 proposal, the PFS group and the subnets on both sides',
	},
	'esp-proposal-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the phase 2 proposals differ',
		remedy: 'make encryption and hash of phase 2 the same on both sides',
	},
	'pfs-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the PFS groups differ',
		remedy: 'set the same PFS group on both sides, or none on both',
	},
	'subnet-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the subnets of the two sides do not mirror each other',
		remedy: 'make the local subnets of one side the remote subnets of the other, exactly',
	},
	'dpd-timeout': {
		kind: 'down',
		effect: 'down',
		side: 'peer',
		meaning: 'the peer stopped answering',
		remedy: 'check the peer device and the path to it',
	},
	'peer-deleted': {
		kind: 'down',
		effect: 'down',
		side: 'peer',
		meaning: 'the peer closed the tunnel',
		remedy: 'look on the peer device why it did; this side goes on trying',
	},
	'daemon-down': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the IPsec daemon of the router does not run',
		remedy: 'nothing, it is restarted by itself; if it stays down, look at the router',
	},
	'kernel-missing': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the daemon says up but the kernel lacks the SA or the policy',
		remedy: 'nothing, it is repaired by itself',
	},
	'firewall-blocked': {
		kind: 'down',
		effect: 'down',
		side: 'path',
		meaning: 'something on the way drops the packets of the tunnel',
		remedy:
			'let UDP 500, UDP 4500 and ESP (IP protocol 50) pass in both directions, at the peer, in its network and in the security group of the router',
	},
	'one-way': {
		kind: 'down',
		effect: 'degrades',
		side: 'peer',
		meaning: 'packets go out and none come back',
		remedy: 'check the firewall and the routes behind the peer',
	},
	'suite-differs': {
		kind: 'down',
		effect: 'degrades',
		side: 'both',
		meaning: 'another crypto suite was negotiated than the one asked for',
		remedy: 'make the proposals the same on both sides',
	},
	'config-not-applied': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the router does not have the configuration',
		remedy: 'nothing, it is applied again by itself',
	},
	'unsupported-by-router': {
		kind: 'refused',
		effect: 'down',
		side: 'request',
		meaning: 'the router cannot do what is asked',
		remedy: 'choose a suite that the router supports',
	},
	'crypto-denied': {
		kind: 'refused',
		effect: 'down',
		side: 'request',
		meaning: 'the crypto suite is below the floor of the account',
		remedy: 'choose a stronger suite',
	},
	'route-conflict': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'another route on the router is in the way of a remote subnet',
		remedy: 'remove the other tunnel or route for that subnet',
	},
	'router-unreachable': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the router does not answer',
		remedy: 'check the router instance and its Systems Manager agent',
	},
	'router-not-managed': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'Systems Manager runs no commands on the router',
		remedy: 'check the instance: its id, that it runs, its tag s2s:router=true, its role and the version of its agent',
	},
	'router-needs-restart': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the daemon must be restarted, and a tunnel that is not ours is up',
		remedy: 'restart the IPsec daemon of the router when it suits',
	},
	'foreign-config': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'a foreign file in the router’s IPsec configuration is in the way',
		remedy: 'mend the file and line that the detail names',
	},
	'secret-missing': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the router could not read the pre-shared key',
		remedy: 'check the role of the router; set the key again if it is gone',
	},
	'packet-rules-failed': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the router could not set its packet rules',
		remedy: 'check iptables on the router',
	},
} as const satisfies Record<string, Row>;

export type ReasonCode = keyof typeof reasons;
export const ReasonCode = z.enum(Object.keys(reasons) as [ReasonCode, ...ReasonCode[]]);
