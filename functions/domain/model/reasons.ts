import * as z from 'zod';

/** Where to apply the remedy: on the peer device, on our router, on both, in a network in between, or in the request. */
export const Side = z.enum(['peer', 'router', 'both', 'path', 'request']);
type Row = {
	/** What causes it: a tunnel that is not up, a request that cannot be met, or something that heals by itself. */
	kind: 'down' | 'refused' | 'transient';
	/** What it does to a tunnel; `degrades` leaves its pairs up. */
	effect: 'down' | 'degrades';
	side: z.infer<typeof Side>;
	meaning: string;
	remedy: string;
};

/** Every reason that a connection can give, with its meaning and remedy. */
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
		meaning: 'the two sides have no phase 1 proposal in common',
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
		meaning: 'the peer presents a different identity than expected',
		remedy: 'set remoteId to what the peer presents, or change the local identity on the peer',
	},
	'phase2-refused': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the peer rejects phase 2 without saying why',
		remedy: 'compare the phase 2 proposal, the PFS group and the subnets on both sides',
	},
	'esp-proposal-mismatch': {
		kind: 'down',
		effect: 'down',
		side: 'both',
		meaning: 'the two sides have no phase 2 proposal in common',
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
		remedy: 'find out on the peer device why it did; this side keeps trying',
	},
	'daemon-down': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the IPsec daemon on the router is not running',
		remedy: 'nothing, it is restarted automatically; if it stays down, check the router',
	},
	'kernel-missing': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the daemon reports the tunnel as up, but the kernel lacks its SA or its policy',
		remedy: 'nothing, it is repaired automatically',
	},
	'firewall-blocked': {
		kind: 'down',
		effect: 'down',
		side: 'path',
		meaning: 'something on the path drops the packets of the tunnel',
		remedy:
			'allow UDP 500, UDP 4500 and ESP (IP protocol 50) in both directions: on the peer, in its network and in the security group of the router',
	},
	'one-way': {
		kind: 'down',
		effect: 'degrades',
		side: 'peer',
		meaning: 'packets go into the tunnel and none come back',
		remedy: 'check the firewall and the routes behind the peer',
	},
	'no-reply-through-tunnel': {
		kind: 'down',
		effect: 'degrades',
		side: 'peer',
		meaning: 'the tunnel is up, but the host of its probe does not answer a ping through it',
		remedy:
			'check that the host is on and may answer a ping from the VPC, then the firewall and the routes behind the peer; if the host is gone, change or clear the probe',
	},
	'suite-differs': {
		kind: 'down',
		effect: 'degrades',
		side: 'both',
		meaning: 'a different crypto suite was negotiated than the one configured',
		remedy: 'make the proposals the same on both sides',
	},
	'route-conflict': {
		kind: 'down',
		effect: 'degrades',
		side: 'router',
		meaning: 'another tunnel on the router, or a route in a route table of the VPC, has a remote subnet already',
		remedy: 'remove the other tunnel or route for that subnet',
	},
	'route-missing': {
		kind: 'down',
		effect: 'degrades',
		side: 'router',
		meaning: 'a route to the router was removed from a route table of the VPC',
		remedy: 'nothing, it is created again automatically; find out who removed it',
	},
	'route-refused': {
		kind: 'down',
		effect: 'degrades',
		side: 'router',
		meaning: 'AWS refuses a route to the router in a route table of the VPC',
		remedy:
			'correct what the detail names, such as the tag s2s:routes=true of the table or its limit; it is retried automatically',
	},
	'config-not-applied': {
		kind: 'down',
		effect: 'down',
		side: 'router',
		meaning: 'the router does not have the configuration',
		remedy: 'nothing, it is applied again automatically',
	},
	'unsupported-by-router': {
		kind: 'refused',
		effect: 'down',
		side: 'request',
		meaning: 'the router does not support what the connection asks for',
		remedy: 'choose a suite that the router supports',
	},
	'crypto-denied': {
		kind: 'refused',
		effect: 'down',
		side: 'request',
		meaning: 'the crypto suite is below the floor of the account',
		remedy: 'choose a stronger suite',
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
		meaning: 'commands cannot be run on the router as it is',
		remedy:
			'check the instance: its id, whether it is running, its tag s2s:router=true, its role, the version of its agent and the tools that it lacks',
	},
	'router-needs-restart': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the daemon has to be restarted, but a tunnel that is not ours is up',
		remedy: 'restart the IPsec daemon of the router at a convenient time',
	},
	'foreign-config': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'a foreign file in the router’s IPsec configuration gets in the way of ours',
		remedy: 'correct the file at the line that the detail names',
	},
	'secret-missing': {
		kind: 'transient',
		effect: 'down',
		side: 'router',
		meaning: 'the router could not read the pre-shared key',
		remedy: 'check the role of the router; if the key is gone, set it again',
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
