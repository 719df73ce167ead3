import type { Device } from '../../../functions/domain/peers/contract/peer-device.ts';
import type { FindingCode, NotComparedCode } from '../../../functions/domain/peers/contract/peer-reading.ts';

type Change = [pattern: string | RegExp, by: string];
export type CustomerText = {
	kind: string;
	what: string;
	device: Device;
	text: string;
	/** What of the customer gateway is other than that of the plain texts. */
	customerGateway?: Record<string, unknown>;
	psk?: string;
	/** None: it fits. */
	finds?: FindingCode[];
	/** A part of the line that the first finding names. */
	at?: string;
	/** Part of what some command has. */
	by?: string;
	/** Parts of what no command has. */
	never?: string[];
	notCompared?: NotComparedCode[];
};

const changed = (text: string, changes: readonly Change[]): string =>
	changes.reduce((before, [pattern, by]) => {
		const after = before.replace(pattern, by);
		if (after === before) throw new Error(`nothing to change: ${pattern}`);
		return after;
	}, text);

const iosText = `crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 2
crypto isakmp key a-secret address 203.0.113.1
crypto ipsec transform-set STRONG esp-aes esp-sha-hmac
crypto map OFFICE 10 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set STRONG
 match address 120
interface GigabitEthernet0/0
 ip address 198.51.100.2 255.255.255.248
 crypto map OFFICE
access-list 120 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
`;
const natText = changed(iosText, [
	[
		' crypto map OFFICE\n',
		' ip nat outside\n crypto map OFFICE\ninterface GigabitEthernet0/1\n ip address 10.2.0.1 255.255.255.0\n ip nat inside\n',
	],
]);
const junosText = `set security ike proposal cloud-1 authentication-method pre-shared-keys
set security ike proposal cloud-1 dh-group group2
set security ike proposal cloud-1 authentication-algorithm sha1
set security ike proposal cloud-1 encryption-algorithm aes-128-cbc
set security ike proposal cloud-1 lifetime-seconds 86400
set security ike policy cloud mode main
set security ike policy cloud proposals cloud-1
set security ike policy cloud pre-shared-key ascii-text "a-secret"
set security ike gateway cloud ike-policy cloud
set security ike gateway cloud address 203.0.113.1
set security ike gateway cloud external-interface ge-0/0/0.0
set security ipsec proposal cloud-2 protocol esp
set security ipsec proposal cloud-2 authentication-algorithm hmac-sha1-96
set security ipsec proposal cloud-2 encryption-algorithm aes-128-cbc
set security ipsec proposal cloud-2 lifetime-seconds 3600
set security ipsec policy cloud proposals cloud-2
set security ipsec vpn cloud ike gateway cloud
set security ipsec vpn cloud ike ipsec-policy cloud
set security zones security-zone untrust interfaces ge-0/0/0.0 host-inbound-traffic system-services ike
set security zones security-zone trust interfaces ge-0/0/1.0 host-inbound-traffic system-services all
set security zones security-zone trust address-book address office 10.2.0.0/24
set security zones security-zone untrust address-book address vpc 10.1.0.0/16
set security policies from-zone trust to-zone untrust policy to-vpc match source-address office
set security policies from-zone trust to-zone untrust policy to-vpc match destination-address vpc
set security policies from-zone trust to-zone untrust policy to-vpc match application any
set security policies from-zone trust to-zone untrust policy to-vpc then permit tunnel ipsec-vpn cloud
set security policies from-zone trust to-zone untrust policy to-vpc then permit tunnel pair-policy from-vpc
set security policies from-zone untrust to-zone trust policy from-vpc match source-address vpc
set security policies from-zone untrust to-zone trust policy from-vpc match destination-address office
set security policies from-zone untrust to-zone trust policy from-vpc match application any
set security policies from-zone untrust to-zone trust policy from-vpc then permit tunnel ipsec-vpn cloud
set security policies from-zone untrust to-zone trust policy from-vpc then permit tunnel pair-policy to-vpc
`;
const boundText = `${changed(junosText, [
	[/set security policies .*\n/g, ''],
	[/set .* address-book .*\n/g, ''],
])}set security ipsec vpn cloud bind-interface st0.0
set security zones security-zone cloud interfaces st0.0
`;

const ios = (...changes: Change[]) => ({ device: 'ios-12.4' as const, text: changed(iosText, changes) });
const nat = (...changes: Change[]) => ({ device: 'ios-12.4' as const, text: changed(natText, changes) });
const junos = (...changes: Change[]) => ({ device: 'junos-9.5' as const, text: changed(junosText, changes) });
const later = (...changes: Change[]) => ({ device: 'junos-11.2' as const, text: changed(junosText, changes) });
const bound = (...changes: Change[]) => ({ device: 'junos-11.2' as const, text: changed(boundText, changes) });
const end = (lines: string): Change => [/$(?![\s\S])/, `${lines}\n`];
const start = (lines: string): Change => [/^/, `${lines}\n`];

const ikev1 = { version: 'ikev1', encryption: 'aes128', hash: 'sha1', dhGroup: 2, lifetimeSeconds: 86_400 };
const esp = { encryption: 'aes128', hash: 'sha1', pfsGroup: null, lifetimeSeconds: 3_600 };
const twoSubnets = { remoteCidrs: ['10.2.0.0/24', '10.3.0.0/24'] };

/** The configuration of a branch in braces, as `show configuration` prints it, in parts by their paths. */
const braces = {
	ike: `proposal cloud-1 { authentication-method pre-shared-keys; dh-group group2; authentication-algorithm sha1; encryption-algorithm aes-128-cbc; lifetime-seconds 86400; }
policy cloud { mode main; proposals cloud-1; pre-shared-key ascii-text "a-secret"; }
gateway cloud { ike-policy cloud; address 203.0.113.1; external-interface ge-0/0/0.0; }`,
	ipsec: `proposal cloud-2 { protocol esp; authentication-algorithm hmac-sha1-96; encryption-algorithm aes-128-cbc; lifetime-seconds 3600; }
policy cloud { proposals cloud-2; }
vpn cloud { ike { gateway cloud; ipsec-policy cloud; } }`,
	zones: `security-zone untrust { interfaces { ge-0/0/0.0 { host-inbound-traffic { system-services { ike; } } } } address-book { address vpc 10.1.0.0/16; } }
security-zone trust { interfaces { ge-0/0/1.0; } address-book { address office 10.2.0.0/24; } }`,
	policies: `from-zone trust to-zone untrust { policy to-vpc { match { source-address office; destination-address vpc; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy from-vpc; } } } } }
from-zone untrust to-zone trust { policy from-vpc { match { source-address vpc; destination-address office; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy to-vpc; } } } } }`,
};
const parts = (text: string) => ({ device: 'junos-9.5' as const, text });

/** Of each kind of text that a check can go wrong on, some more; without `finds` they fit. */
export const customerTexts: readonly CustomerText[] = [
	{
		kind: 'unknown-line',
		what: 'lines of a policy that are not known, with those that are after them',
		...ios([' group 2', 'do show clock\n% a note of the device\n group 2']),
	},
	{
		kind: 'unknown-line',
		what: 'a flat interface with what it has of others, before its map',
		...ios(
			[/^ /gm, ''],
			[
				'crypto map OFFICE\n',
				'ip flow ingress\nip inspect FW in\nip policy route-map PBR\ndialer pool 1\nip multicast boundary 9\nlogging event link-status\nzone-member security OUT\nservice-policy output QOS\nstandby version 2\nload-interval 30\nno cdp enable\nntp disable\ncrypto map OFFICE\n',
			],
		),
	},
	{
		kind: 'unknown-line',
		what: 'a log message in a map entry, and the output of a command in a list',
		...ios(
			[
				' set transform-set STRONG',
				'*Mar  1 00:05:12.123: %SYS-5-CONFIG_I: Configured from console by vty0\n set transform-set STRONG',
			],
			[
				/access-list 120 .*/,
				'Edge(config)#ip access-list extended 120\nEdge(config-ext-nacl)#do show ip access-lists OLD\nExtended IP access list OLD\n    10 permit ip 10.9.0.0 0.0.0.255 any\nEdge(config-ext-nacl)#permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255',
			],
		),
	},
	{
		kind: 'unknown-line',
		what: 'what stands below a router process after the interface, which is not the interface',
		...ios([' crypto map OFFICE\n', ' crypto map OFFICE\ncontroller T1 0/0\n shutdown\nrouter bgp 65000\n no synchronization\n']),
	},
	{
		kind: 'unknown-line',
		what: 'the same flat',
		...ios([/^ /gm, ''], ['crypto map OFFICE\n', 'crypto map OFFICE\ncontroller T1 0/0\nshutdown\n']),
	},
	{
		kind: 'unknown-line',
		what: 'a dynamic entry of the map after ours, which is another entry',
		...ios(['interface Gig', 'crypto map OFFICE 65000 ipsec-isakmp dynamic ROAD\n set pfs group5\ninterface Gig']),
		notCompared: ['dynamic-map', 'pre-shared-key'],
	},

	{
		kind: 'sha-2',
		what: 'SHA-384 with group 15 on IOS',
		...ios([' group 2', ' hash sha384\n group 15'], ['esp-sha-hmac', 'esp-sha384-hmac']),
		customerGateway: { ike: { ...ikev1, hash: 'sha384', dhGroup: 15 }, esp: { ...esp, hash: 'sha384' } },
	},
	{
		kind: 'sha-2',
		what: 'SHA-512 with group 16 and PFS on JunOS',
		...later(
			[/group2/, 'group16'],
			[' sha1\n', ' sha-512\n'],
			['hmac-sha1-96', 'hmac-sha-512'],
			end('set security ipsec policy cloud perfect-forward-secrecy keys group16'),
		),
		customerGateway: { ike: { ...ikev1, hash: 'sha512', dhGroup: 16 }, esp: { ...esp, hash: 'sha512', pfsGroup: 16 } },
	},
	{
		kind: 'sha-2',
		what: 'SHA-1 on JunOS where SHA-256 is wanted',
		...junos(),
		customerGateway: { ike: { ...ikev1, hash: 'sha256' }, esp: { ...esp, hash: 'sha256' } },
		finds: ['phase1-hash', 'phase2-hash'],
		by: 'authentication-algorithm hmac-sha-256-128',
	},
	{
		kind: 'sha-2',
		what: 'a hash cut to 96 bits, which is not the one of the standard',
		...later([' sha1\n', ' sha-256\n'], ['hmac-sha1-96', 'hmac-sha-256-96']),
		customerGateway: { ike: { ...ikev1, hash: 'sha256' }, esp: { ...esp, hash: 'sha256' } },
		finds: ['phase2-hash'],
		at: 'hmac-sha-256-96',
	},
	{
		kind: 'sha-2',
		what: 'cipher and hash of a transform set that are both others, in one command',
		...ios(),
		customerGateway: { esp: { ...esp, encryption: 'aes256', hash: 'sha512' } },
		finds: ['phase2-encryption', 'phase2-hash'],
		by: 'crypto ipsec transform-set STRONG esp-aes 256 esp-sha512-hmac',
		never: ['esp-aes esp-sha512', 'esp-aes 256 esp-sha-hmac'],
	},

	{
		kind: 'several-peers',
		what: 'ours as the second of two',
		...ios([' set peer', ' set peer 192.0.2.77\n set peer']),
	},
	{
		kind: 'several-peers',
		what: 'ours as the default after another',
		...ios([' set peer 203.0.113.1', ' set peer 192.0.2.77\n set peer 203.0.113.1 default']),
	},
	{
		kind: 'several-peers',
		what: 'two peers of which none is ours: none is taken away',
		...ios(
			[' set peer 203.0.113.1', ' set peer 192.0.2.77\n set peer 192.0.2.78'],
			['key a-secret address 203.0.113.1', 'key a-secret address 0.0.0.0 0.0.0.0'],
		),
		finds: ['peer-address'],
		by: ' set peer 203.0.113.1 default',
		never: ['no set peer'],
	},
	{
		kind: 'several-peers',
		what: 'two addresses of a JunOS gateway, ours the second',
		...junos(['address 203.0.113.1', 'address 192.0.2.77\nset security ike gateway cloud address 203.0.113.1']),
	},
	{
		kind: 'several-peers',
		what: 'a peer by a name that the text gives an address',
		...ios([' set peer 203.0.113.1', ' set peer cloud.example.com'], start('ip host cloud.example.com 203.0.113.1')),
	},

	{
		kind: 'key-spelling',
		what: 'a key for a block that has our address',
		...ios(['key a-secret address 203.0.113.1', 'key a-secret address 203.0.113.0 255.255.255.0']),
	},
	{
		kind: 'key-spelling',
		what: 'a key of type 0, for our address alone, without extended authentication',
		...ios(['key a-secret address 203.0.113.1', 'key 0 a-secret address 203.0.113.1 255.255.255.255 no-xauth']),
	},
	{
		kind: 'key-spelling',
		what: 'a key that is encrypted',
		...ios(['key a-secret', 'key 6 RHZE[JACMUI\\bcbTdELISAAB']),
		psk: 'whatever-it-is',
		notCompared: ['pre-shared-key'],
	},
	{
		kind: 'key-spelling',
		what: 'a key of any address beside that of another peer',
		...ios([
			'crypto isakmp key a-secret address 203.0.113.1',
			'crypto isakmp key b-secret address 192.0.2.77\ncrypto isakmp key a-secret address 0.0.0.0',
		]),
		psk: 'a-secret',
	},
	{
		kind: 'key-spelling',
		what: 'a key in a keyring',
		...ios([
			'crypto isakmp key a-secret address 203.0.113.1',
			'crypto keyring CLOUD\n pre-shared-key address 203.0.113.1 key a-secret',
		]),
		notCompared: ['keyring', 'pre-shared-key'],
	},
	{
		kind: 'key-spelling',
		what: 'a key for a name without an address in the text',
		...ios(['key a-secret address 203.0.113.1', 'key a-secret hostname cloud.example.com']),
		notCompared: ['pre-shared-key'],
	},
	{
		kind: 'key-spelling',
		what: 'keys of other peers alone, which stay',
		...ios(['key a-secret address 203.0.113.1', 'key a-secret address 203.0.112.0 255.255.255.0']),
		finds: ['key-missing'],
		never: ['no crypto isakmp key'],
	},

	{
		kind: 'psk',
		what: 'the key that was sent',
		...ios(),
		psk: 'a-secret',
	},
	{
		kind: 'psk',
		what: 'another key than the one that was sent',
		...ios(),
		psk: 'b-secret',
		finds: ['key-differs'],
		at: 'key a-secret address',
		by: 'crypto isakmp key PRE-SHARED-KEY address 203.0.113.1',
	},
	{
		kind: 'psk',
		what: 'another key for every peer, which stays for the others',
		...ios(['key a-secret address 203.0.113.1', 'key a-secret address 0.0.0.0 0.0.0.0']),
		psk: 'b-secret',
		finds: ['key-differs'],
		by: 'crypto isakmp key PRE-SHARED-KEY address 203.0.113.1',
		never: ['no crypto isakmp key'],
	},
	{
		kind: 'psk',
		what: 'the key as show configuration hides it',
		...junos(['ascii-text "a-secret"', 'ascii-text "$9$nQzF/9plevL7VuORSlex7wYg4UH"']),
		psk: 'a-secret',
		notCompared: [],
	},
	{
		kind: 'psk',
		what: 'the key in hexadecimal',
		...junos(['ascii-text "a-secret"', 'hexadecimal 612d736563726574']),
		psk: 'a-secret',
	},
	{
		kind: 'psk',
		what: 'another key on JunOS',
		...junos(),
		psk: 'b-secret',
		finds: ['key-differs'],
		by: 'set security ike policy cloud pre-shared-key ascii-text "PRE-SHARED-KEY"',
	},
	{
		kind: 'psk',
		what: 'a key that was masked before it was sent',
		...junos(['ascii-text "a-secret"', 'ascii-text "********"']),
		psk: 'a-secret',
		notCompared: ['pre-shared-key'],
	},
	{
		kind: 'psk',
		what: 'a key with what would be a remark elsewhere',
		...ios(['a-secret', '!-secret']),
		psk: '!-secret',
	},

	{
		kind: 'nat-route-map',
		what: 'a route map whose own list refuses the pair',
		...nat(
			end(
				'ip nat inside source route-map INET interface GigabitEthernet0/0 overload\naccess-list 130 deny ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255\naccess-list 130 permit ip any any\nroute-map INET permit 10\n match ip address 130',
			),
		),
	},
	{
		kind: 'nat-route-map',
		what: 'an entry for what leaves by another interface',
		...nat(
			end(
				'ip nat inside source route-map BACKUP interface Dialer1 overload\nroute-map BACKUP permit 10\n match interface Dialer1',
			),
		),
	},
	{
		kind: 'nat-route-map',
		what: 'a refusal of half the pair, which leaves the other half to be translated',
		...nat(
			end(
				'ip nat inside source route-map INET interface GigabitEthernet0/0 overload\naccess-list 130 permit ip 10.2.0.0 0.0.0.127 10.1.0.0 0.0.255.255\nroute-map INET deny 10\n match ip address 130\nroute-map INET permit 20',
			),
		),
		finds: ['nat-exemption'],
		at: 'route-map INET permit 20',
		by: 'route-map INET deny 19',
		never: ['no ip nat', 'source list'],
	},
	{
		kind: 'nat-route-map',
		what: 'a standard list in a route map: the map gets a refusal, and the rule stays',
		...nat(
			end(
				'ip nat inside source route-map INET interface GigabitEthernet0/0 overload\naccess-list 5 permit 10.2.0.0 0.0.0.255\nroute-map INET permit 10\n match ip address 5',
			),
		),
		finds: ['nat-exemption'],
		by: 'route-map INET deny 9',
		never: ['no ip nat', 'source list'],
	},
	{
		kind: 'nat-route-map',
		what: 'a list that refuses the pair in two halves',
		...nat(
			end(
				'ip nat inside source list NAT interface GigabitEthernet0/0 overload\nip access-list extended NAT\n deny ip 10.2.0.0 0.0.0.127 10.1.0.0 0.0.255.255\n deny ip 10.2.0.128 0.0.0.127 10.1.0.0 0.0.255.255\n permit ip 10.2.0.0 0.0.0.255 any',
			),
		),
	},
	{
		kind: 'nat-route-map',
		what: 'a list that translates the web alone',
		...nat(
			end(
				'ip nat inside source list NAT interface GigabitEthernet0/0 overload\nip access-list extended NAT\n permit tcp 10.2.0.0 0.0.0.255 any eq www',
			),
		),
		finds: ['nat-exemption'],
	},

	{
		kind: 'several-entries',
		what: 'an entry to another peer before ours, which takes the pair',
		...ios(
			[
				'crypto map OFFICE 10',
				'crypto map OFFICE 5 ipsec-isakmp\n set peer 192.0.2.77\n set transform-set STRONG\n match address 110\ncrypto map OFFICE 10',
			],
			end('access-list 110 permit ip 10.2.0.0 0.0.255.255 10.0.0.0 0.255.255.255'),
		),
		finds: ['policy-order'],
		at: 'access-list 110',
	},
	{
		kind: 'several-entries',
		what: 'an entry to another peer with other subnets, before ours and after',
		...ios(
			[
				'crypto map OFFICE 10',
				'crypto map OFFICE 5 ipsec-isakmp\n set peer 192.0.2.77\n set transform-set STRONG\n match address 110\ncrypto map OFFICE 20 ipsec-isakmp\n set peer 192.0.2.78\n set transform-set STRONG\n match address 111\ncrypto map OFFICE 10',
			],
			end(
				'access-list 110 permit ip 10.2.0.0 0.0.0.255 10.7.0.0 0.0.255.255\naccess-list 111 permit ip 10.2.0.0 0.0.0.255 10.0.0.0 0.255.255.255',
			),
		),
	},
	{
		kind: 'several-entries',
		what: 'two entries with a pair that neither has',
		...ios(
			[
				'interface Gig',
				'crypto map OFFICE 20 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set STRONG\n match address 121\ninterface Gig',
			],
			end('access-list 121 permit ip 10.3.0.0 0.0.0.255 10.1.0.0 0.0.255.255'),
		),
		customerGateway: { remoteCidrs: ['10.2.0.0/24', '10.3.0.0/24', '10.4.0.0/24'] },
		finds: ['subnet-missing'],
		by: 'permit ip 10.4.0.0 0.0.0.255 10.1.0.0 0.0.255.255',
	},
	{
		kind: 'several-entries',
		what: 'one entry of two with another cipher',
		...ios(
			[
				'interface Gig',
				'crypto ipsec transform-set WEAK esp-3des esp-sha-hmac\ncrypto map OFFICE 20 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set WEAK\n match address 121\ninterface Gig',
			],
			end('access-list 121 permit ip 10.3.0.0 0.0.0.255 10.1.0.0 0.0.255.255'),
		),
		customerGateway: twoSubnets,
		finds: ['phase2-encryption'],
		at: 'WEAK esp-3des',
		never: ['transform-set STRONG'],
	},
	{
		kind: 'several-entries',
		what: 'an old VPN of JunOS that no policy uses',
		...junos(end('set security ipsec vpn old ike gateway cloud\nset security ipsec vpn old ike ipsec-policy gone')),
	},
	{
		kind: 'several-entries',
		what: 'one tunnel to somebody else, which is left alone',
		...ios([/203\.0\.113\.1/g, '192.0.2.77'], ['10.1.0.0 0.0.255.255', '10.9.0.0 0.0.255.255']),
		finds: ['no-tunnel'],
		never: ['set peer', 'permit'],
	},
	{
		kind: 'several-entries',
		what: 'a policy that other tunnels go by, where one is added and none is changed',
		...ios(
			[
				'interface Gig',
				'crypto isakmp key c-secret address 192.0.2.77\ncrypto map OFFICE 20 ipsec-isakmp\n set peer 192.0.2.77\n set transform-set STRONG\n match address 121\ninterface Gig',
			],
			end('access-list 121 permit ip 10.2.0.0 0.0.0.255 10.7.0.0 0.0.255.255'),
		),
		customerGateway: { ike: { ...ikev1, encryption: 'aes256' }, esp: { ...esp, encryption: 'aes256' } },
		finds: ['phase1-encryption', 'phase2-encryption'],
		by: 'crypto isakmp policy 20',
		never: ['crypto isakmp policy 10', 'transform-set STRONG esp'],
	},

	{
		kind: 'junos-parts',
		what: 'parts at the level that edit has gone to',
		...parts(`[edit]
admin@edge# edit security

[edit security]
admin@edge# show ike
${braces.ike}

[edit security]
admin@edge# show ipsec
${braces.ipsec}

[edit security]
admin@edge# show zones
${braces.zones}

[edit security]
admin@edge# show policies
${braces.policies}
`),
	},
	{
		kind: 'junos-parts',
		what: 'parts from operational mode of a cluster, with a table between them',
		...parts(`{primary:node0}
admin@edge> show configuration security ike
${braces.ike}

{primary:node0}
admin@edge> show security ike security-associations
Index   State  Initiator cookie  Responder cookie  Mode           Remote Address
1234    UP     744a594d957dd513  1e1307db82f58387  Main           203.0.113.1

{primary:node0}
admin@edge> show configuration security ipsec | no-more
${braces.ipsec}

{primary:node0}
admin@edge> show configuration security zones
${braces.zones}

{primary:node0}
admin@edge> show configuration security policies
${braces.policies}

{primary:node0}
admin@edge>
`),
	},
	{
		kind: 'junos-parts',
		what: 'set commands printed below a path, which name it again',
		...parts(`admin@edge# show security | display set\n${junosText}\n[edit]\nadmin@edge# `),
	},
	{
		kind: 'junos-parts',
		what: 'commands and parts in one text',
		...parts(`admin@edge> show configuration security ike
${braces.ike}

admin@edge> show configuration security | display set | match "ipsec|zones|policies"
${junosText
	.split('\n')
	.filter((line) => !line.includes('security ike '))
	.join('\n')}
`),
	},
	{
		kind: 'junos-parts',
		what: 'parts without the commands that printed them',
		...parts(
			`ike {\n${braces.ike}\n}\nipsec {\n${braces.ipsec}\n}\nzones {\n${braces.zones}\n}\npolicies {\n${braces.policies}\n}\n`,
		),
	},

	{
		kind: 'route-based',
		what: 'a bound VPN without any selector',
		...bound(),
		finds: ['route-based'],
		at: 'bind-interface',
		never: ['policies', 'policy', 'nat'],
	},
	{
		kind: 'route-based',
		what: 'a bound VPN of two subnets, whose identity is one of them',
		...bound(end('set security ipsec vpn cloud ike proxy-identity local 10.2.0.0/24 remote 10.1.0.0/16')),
		customerGateway: twoSubnets,
		finds: ['route-based'],
		never: ['policies', 'policy', 'nat'],
	},
	{
		kind: 'route-based',
		what: 'a bound VPN of another cipher',
		...bound(['cloud-2 encryption-algorithm aes-128-cbc', 'cloud-2 encryption-algorithm aes-256-cbc']),
		finds: ['phase2-encryption', 'route-based'],
		never: ['policies', 'nat'],
	},
	{
		kind: 'route-based',
		what: 'a tunnel interface of IOS',
		device: 'ios-12.4',
		text: `crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 2
crypto isakmp key a-secret address 203.0.113.1
crypto ipsec transform-set STRONG esp-aes esp-sha-hmac
crypto ipsec profile CLOUD
 set transform-set STRONG
interface Tunnel0
 ip address 169.254.1.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 203.0.113.1
 tunnel protection ipsec profile CLOUD
ip route 10.1.0.0 255.255.0.0 Tunnel0
`,
		finds: ['route-based'],
		at: 'tunnel protection',
		never: ['crypto map', 'permit'],
	},
	{
		kind: 'route-based',
		what: 'a VPN that no policy uses and nothing is bound to, though its identity is the pair',
		...junos(
			[/set security policies .*\n/g, ''],
			end('set security ipsec vpn cloud ike proxy-identity local 10.2.0.0/24 remote 10.1.0.0/16'),
		),
		finds: ['subnet-missing'],
	},

	{
		kind: 'ike-version',
		what: 'a gateway of JunOS that is said to be of IKEv1 only',
		...later(end('set security ike gateway cloud version v1-only')),
	},
	{
		kind: 'ike-version',
		what: 'a policy-based gateway of JunOS where IKEv2 is wanted',
		...later(),
		customerGateway: { ike: { ...ikev1, version: 'ikev2' } },
		finds: ['ike-version'],
		never: ['v2-only'],
	},
	{
		kind: 'ike-version',
		what: 'a policy-based gateway of IKEv2, which the device refuses',
		...later(end('set security ike gateway cloud version v2-only')),
		customerGateway: { ike: { ...ikev1, version: 'ikev2' } },
		finds: ['ike-version'],
		at: 'v2-only',
	},
	{
		kind: 'ike-version',
		what: 'a map entry of IOS that is of IKEv2 where IKEv1 is wanted',
		...ios(
			[' set transform-set', ' set ikev2-profile CLOUD\n set transform-set'],
			start(
				'crypto ikev2 proposal P\n encryption aes-cbc-128\ncrypto ikev2 profile CLOUD\n match identity remote address 203.0.113.1',
			),
		),
		finds: ['ike-version'],
		at: 'set ikev2-profile',
	},
	{
		kind: 'ike-version',
		what: 'a map entry of IOS that is of IKEv2 as the connection is',
		...ios(
			[' set transform-set', ' set ikev2-profile CLOUD\n set transform-set'],
			start(
				'crypto ikev2 proposal P\n encryption aes-cbc-128\ncrypto ikev2 profile CLOUD\n match identity remote address 203.0.113.1',
			),
		),
		customerGateway: { ike: { ...ikev1, version: 'ikev2' } },
		notCompared: ['ike-proposal', 'identity', 'pre-shared-key'],
	},

	{
		kind: 'identity',
		what: 'a name on JunOS as it is expected',
		...junos(end('set security ike gateway cloud local-identity hostname branch.example.com')),
		customerGateway: { remoteId: 'branch.example.com' },
	},
	{
		kind: 'identity',
		what: 'a user on JunOS where a name is expected',
		...junos(end('set security ike gateway cloud local-identity user-at-hostname vpn@example.com')),
		customerGateway: { remoteId: 'branch.example.com' },
		finds: ['identity'],
		at: 'local-identity',
		by: 'set security ike gateway cloud local-identity hostname branch.example.com',
	},
	{
		kind: 'identity',
		what: 'the address of an interface behind NAT on JunOS',
		...junos(end('set interfaces ge-0/0/0 unit 0 family inet address 192.168.1.2/24')),
		finds: ['identity'],
		at: '192.168.1.2/24',
		by: 'local-identity inet 198.51.100.2',
	},
	{
		kind: 'identity',
		what: 'the address of an interface behind NAT on IOS, which the customer gateway knows',
		...ios(['198.51.100.2 255.255.255.248', '192.168.1.2 255.255.255.0']),
		customerGateway: { remoteId: '192.168.1.2' },
	},
	{
		kind: 'identity',
		what: 'the address of an interface behind NAT on IOS',
		...ios(['198.51.100.2 255.255.255.248', '192.168.1.2 255.255.255.0']),
		finds: ['identity'],
		at: 'ip address 192.168.1.2',
	},
	{
		kind: 'identity',
		what: 'the name of an IOS device, which is the one expected',
		...ios(start('hostname branch\nip domain name example.com\ncrypto isakmp identity hostname')),
		customerGateway: { remoteId: 'branch.example.com' },
	},
	{
		kind: 'identity',
		what: 'another identity of this side than it has',
		...junos(end('set security ike gateway cloud remote-identity inet 10.1.0.1')),
		finds: ['identity'],
		at: 'remote-identity',
		by: 'remote-identity inet 203.0.113.1',
	},
	{
		kind: 'identity',
		what: 'a profile of IOS that says who the device is',
		...ios(
			[' set transform-set', ' set isakmp-profile CLOUD\n set transform-set'],
			start('crypto isakmp profile CLOUD\n self-identity fqdn\n keyring default'),
		),
		customerGateway: { remoteId: 'branch.example.com' },
		notCompared: ['identity', 'isakmp-profile', 'pre-shared-key'],
	},

	{
		kind: 'outside-list',
		what: 'several ports in one entry, to the address of the device',
		...ios(
			[' crypto map', ' ip access-group IN in\n crypto map'],
			end(
				'ip access-list extended IN\n permit udp host 203.0.113.1 host 198.51.100.2 eq isakmp non500-isakmp\n permit esp host 203.0.113.1 host 198.51.100.2',
			),
		),
	},
	{
		kind: 'outside-list',
		what: 'entries for another address of the device',
		...ios(
			[' crypto map', ' ip access-group IN in\n crypto map'],
			end('ip access-list extended IN\n permit udp any host 198.51.100.3 eq isakmp\n permit esp any host 198.51.100.3'),
		),
		finds: ['firewall'],
		by: 'permit esp host 203.0.113.1 any',
	},
	{
		kind: 'outside-list',
		what: 'encapsulated packets where ESP is not let in and not needed',
		...ios([' crypto map', ' ip access-group IN in\n crypto map'], end('ip access-list extended IN\n permit udp any any gt 499')),
		customerGateway: { forceEncaps: true },
	},
	{
		kind: 'outside-list',
		what: 'a range that ends before 500',
		...ios(
			[' crypto map', ' ip access-group IN in\n crypto map'],
			end('ip access-list extended IN\n permit udp any any range 1 499\n permit esp any any'),
		),
		finds: ['firewall'],
		by: 'permit udp host 203.0.113.1 any eq isakmp',
	},
	{
		kind: 'outside-list',
		what: 'entries of object groups, which are not read',
		...ios(
			[' crypto map', ' ip access-group IN in\n crypto map'],
			end('ip access-list extended IN\n permit object-group VPN any any\n deny ip any any'),
		),
		notCompared: ['access-list', 'pre-shared-key'],
	},

	{
		kind: 'map-at-interface',
		what: 'a map with the address of another interface',
		...ios(start('crypto map OFFICE local-address Loopback0\ninterface Loopback0\n ip address 198.51.100.2 255.255.255.255'), [
			' ip address 198.51.100.2 255.255.255.248',
			' ip address 192.0.2.130 255.255.255.252',
		]),
	},
	{
		kind: 'map-at-interface',
		what: 'another map at the interface, which has room for one: ours becomes an entry of it',
		...ios(
			[' crypto map OFFICE\n', ' crypto map LIVE\n'],
			[
				'crypto map OFFICE 10',
				'crypto map LIVE 10 ipsec-isakmp\n set peer 192.0.2.77\n set transform-set STRONG\n match address 110\ncrypto map OFFICE 10',
			],
			end('access-list 110 permit ip 10.2.0.0 0.0.0.255 10.7.0.0 0.0.255.255'),
		),
		finds: ['map-not-applied'],
		by: 'crypto map LIVE 20 ipsec-isakmp',
		never: [' crypto map OFFICE'],
	},
	{
		kind: 'map-at-interface',
		what: 'a text without interfaces says so',
		...ios([/interface [\s\S]*OFFICE\n/, '']),
		notCompared: ['interface', 'pre-shared-key'],
	},
	{
		kind: 'map-at-interface',
		what: 'an entry a subnet in a text without interfaces, after an old map',
		...ios(
			[/interface [\s\S]*OFFICE\n/, ''],
			[
				'crypto map OFFICE 10',
				'crypto map OLD 10 ipsec-isakmp\n set peer 203.0.113.1\n match address 199\ncrypto map OFFICE 20 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set STRONG\n match address 121\ncrypto map OFFICE 10',
			],
			end('access-list 121 permit ip 10.3.0.0 0.0.0.255 10.1.0.0 0.0.255.255'),
		),
		customerGateway: twoSubnets,
	},
	{
		kind: 'map-at-interface',
		what: 'the map at two interfaces, of which one is shut down',
		...ios(end('interface Dialer1\n crypto map OFFICE\n shutdown')),
	},

	{
		kind: 'missed-fault',
		what: 'IKE switched off on IOS',
		...ios(start('no crypto isakmp enable')),
		finds: ['ike-not-allowed'],
		by: 'crypto isakmp enable',
	},
	{
		kind: 'missed-fault',
		what: 'a port of a server translated',
		...nat(end('ip nat inside source static tcp 10.2.0.5 80 interface GigabitEthernet0/0 8080')),
		finds: ['nat-exemption'],
		at: 'static tcp',
		never: ['no ip nat'],
	},
	{
		kind: 'missed-fault',
		what: 'a server that is no host of the tunnel translated',
		...nat(end('ip nat inside source static 10.9.0.5 198.51.100.5')),
	},
	{
		kind: 'missed-fault',
		what: 'a server translated unless a route map refuses it',
		...nat(
			end(
				'ip nat inside source static 10.2.0.5 198.51.100.5 route-map SERVER\naccess-list 130 deny ip host 10.2.0.5 10.1.0.0 0.0.255.255\naccess-list 130 permit ip host 10.2.0.5 any\nroute-map SERVER permit 10\n match ip address 130',
			),
		),
	},
	{
		kind: 'missed-fault',
		what: 'a network translated as a whole',
		...nat(end('ip nat inside source static network 10.2.0.0 198.51.100.0 /24')),
		finds: ['nat-exemption'],
	},
	{
		kind: 'missed-fault',
		what: 'static translation of a host on JunOS',
		...later(
			end(
				'set security nat static rule-set servers from zone untrust\nset security nat static rule-set servers rule web match destination-address 198.51.100.5/32\nset security nat static rule-set servers rule web then static-nat prefix 10.2.0.5/32',
			),
		),
		finds: ['nat-exemption'],
		never: ['delete'],
	},
	{
		kind: 'missed-fault',
		what: 'translation of all that the routing instance has, on JunOS',
		...later(
			end(
				'set security nat source rule-set all from routing-instance default\nset security nat source rule-set all to zone untrust\nset security nat source rule-set all rule any match source-address 0.0.0.0/0\nset security nat source rule-set all rule any then source-nat interface',
			),
		),
		finds: ['nat-exemption'],
		by: 'set security nat source rule-set all rule s2s-no-nat then source-nat off',
	},
	{
		kind: 'missed-fault',
		what: 'an interface of JunOS that is disabled',
		...junos(end('set interfaces ge-0/0/0 disable')),
		finds: ['interface'],
		at: 'disable',
	},
	{
		kind: 'missed-fault',
		what: 'a policy of JunOS that names no proposal',
		...junos(['set security ike policy cloud proposals cloud-1\n', '']),
		finds: ['undefined-name'],
	},

	{
		kind: 'junos-statements',
		what: 'an interval of 5 in a release of before',
		...junos(start('set version 10.4R9.2'), end('set security ike gateway cloud dead-peer-detection interval 5')),
		finds: ['out-of-range'],
		by: 'interval 10',
	},
	{
		kind: 'junos-statements',
		what: 'an earlier permission of one application, which takes it out of the tunnel',
		...junos([
			'set security policies',
			'set security policies from-zone trust to-zone untrust policy web match source-address any destination-address any application junos-http\nset security policies from-zone trust to-zone untrust policy web then permit\nset security policies',
		]),
		finds: ['policy-order'],
		by: 'policy to-vpc before policy web',
	},
	{
		kind: 'junos-statements',
		what: 'an exemption in two rules',
		...later(
			end(
				'set security nat source rule-set i from zone trust\nset security nat source rule-set i to zone untrust\nset security nat source rule-set i rule a match source-address 10.2.0.0/25 destination-address 10.1.0.0/16\nset security nat source rule-set i rule a then source-nat off\nset security nat source rule-set i rule b match source-address 10.2.0.128/25 destination-address 10.1.0.0/16\nset security nat source rule-set i rule b then source-nat off\nset security nat source rule-set i rule c match source-address 0.0.0.0/0\nset security nat source rule-set i rule c then source-nat interface',
			),
		),
	},
	{
		kind: 'junos-statements',
		what: 'an exemption for one port, which is none for the rest',
		...later(
			end(
				'set security nat source rule-set i from zone trust\nset security nat source rule-set i to zone untrust\nset security nat source rule-set i rule a match source-address 10.2.0.0/24 destination-address 10.1.0.0/16 destination-port 80\nset security nat source rule-set i rule a then source-nat off\nset security nat source rule-set i rule c match source-address 0.0.0.0/0\nset security nat source rule-set i rule c then source-nat interface',
			),
		),
		finds: ['nat-exemption'],
	},
	{
		kind: 'junos-statements',
		what: 'a policy that is deactivated and activated again, and a gateway with a new name',
		...junos(
			end(
				'deactivate security policies from-zone trust to-zone untrust policy to-vpc\nactivate security policies from-zone trust to-zone untrust policy to-vpc\nrename security ike gateway cloud to gateway vpc\nset security ipsec vpn cloud ike gateway vpc',
			),
		),
	},
	{
		kind: 'junos-statements',
		what: 'groups that are applied',
		...junos(start('set groups site system host-name edge\nset apply-groups site')),
		notCompared: ['groups', 'pre-shared-key'],
	},
	{
		kind: 'junos-statements',
		what: 'an address set that has itself as a member',
		...junos([
			'address-book address office 10.2.0.0/24',
			'address-book address office 10.2.0.0/24\nset security zones security-zone trust address-book address-set all address office\nset security zones security-zone trust address-book address-set all address-set all',
		]),
	},
	{
		kind: 'junos-statements',
		what: 'an address set of one address',
		...junos([
			'address-book address office 10.2.0.0/24',
			'address-book address lan 10.2.0.0/24\nset security zones security-zone trust address-book address-set office address lan',
		]),
	},

	{
		kind: 'remark-behind',
		what: 'an exclamation mark at the word, and arrows, on IOS',
		...ios(
			[' group 2', ' group 2 !as agreed'],
			[' match address 120', ' match address 120   <-- the mirror of theirs'],
			[' set peer 203.0.113.1', ' set peer 203.0.113.1 ---> cloud'],
		),
	},
	{
		kind: 'remark-behind',
		what: 'an arrow, slashes and a number sign in braces',
		...parts(
			`security {\nike {   <-- phase 1\n${braces.ike.replace('group2;', 'group2; ====> as { agreed\n')}\n}\nipsec {\n${braces.ipsec.replace('esp;', 'esp; // not ah;\n')}\n}\nzones {\n${braces.zones}\n}\npolicies {\n${braces.policies}\n} # the end }\n}\n`,
		),
	},
	{
		kind: 'remark-behind',
		what: 'words in parentheses behind a command',
		...junos(['dh-group group2', 'dh-group group2   (as agreed)'], ['address 203.0.113.1', 'address 203.0.113.1 → cloud']),
	},
	{
		kind: 'remark-behind',
		what: 'dashes, a semicolon, a number sign and stars on IOS',
		...ios(
			[' group 2', ' group 2 -- as agreed'],
			[' match address 120', ' match address 120 ; the mirror of theirs'],
			[' encr aes', ' encr aes # 128'],
			['esp-sha-hmac', 'esp-sha-hmac *** phase 2'],
		),
	},
	{
		kind: 'remark-behind',
		what: 'dashes, an exclamation mark and two equals signs on JunOS',
		...junos(
			['dh-group group2', 'dh-group group2 -- as agreed'],
			['algorithm sha1', 'algorithm sha1 ! as agreed'],
			['address 203.0.113.1', 'address 203.0.113.1 == cloud'],
		),
	},
	{
		kind: 'remark-behind',
		what: 'another value behind an arrow, which is a remark too',
		...junos(['dh-group group2', 'dh-group group5  <== was: group2']),
		finds: ['phase1-group'],
		at: 'group5',
	},
];
