import type { FindingCode } from '../../../functions/domain/peers/contract/peer-reading.ts';

type Change = [pattern: string | RegExp, by: string];
export type FaultyPeer = {
	what: string;
	device: 'junos-9.5' | 'junos-11.2' | 'ios-12.4';
	/** Changes to the configuration that is right. */
	changes: Change[];
	finds: FindingCode;
	/** A text of the line that the finding names. */
	at: string | RegExp;
	/** What the commands that put it right have in them. */
	by?: string | RegExp;
};

const junos = 'junos-9.5';
const global = 'junos-11.2';
const ios = 'ios-12.4';
const before = (line: string): Change => [/^/, `${line}\n`];
const after = (pattern: string, line: string): Change => [pattern, `${pattern}\n${line}`];

/** Each a fault that customers make, alone in a configuration that is right otherwise. */
export const faultyPeers: readonly FaultyPeer[] = [
	{
		what: 'the address of the other side in the book of the inside zone',
		device: junos,
		changes: [
			[
				'security-zone untrust address-book address s2s-out-a010000-16',
				'security-zone trust address-book address s2s-out-a010000-16',
			],
		],
		finds: 'wrong-zone',
		at: 's2s-out-1 match destination-address',
		by: 'set security zones security-zone untrust address-book address s2s-out-a010000-16 10.1.0.0/16',
	},
	{
		what: 'a dangling address name',
		device: junos,
		changes: [['s2s-out-1 match source-address s2s-in-a020000-24', 's2s-out-1 match source-address s2s-in-a020000']],
		finds: 'undefined-name',
		at: 's2s-out-1 match source-address',
	},
	{
		what: 'a dangling name of the global book',
		device: global,
		changes: [['s2s-in-2 match source-address s2s-out-a010000-16', 's2s-in-2 match source-address vpc']],
		finds: 'undefined-name',
		at: 's2s-in-2 match source-address vpc',
	},
	{
		what: 'another cipher in phase 1',
		device: junos,
		changes: [['ike proposal s2s encryption-algorithm aes-128-cbc', 'ike proposal s2s encryption-algorithm aes-256-cbc']],
		finds: 'phase1-encryption',
		at: 'ike proposal s2s encryption',
		by: 'encryption-algorithm aes-128-cbc',
	},
	{
		what: 'another hash in phase 1',
		device: global,
		changes: [['ike proposal s2s authentication-algorithm sha1', 'ike proposal s2s authentication-algorithm md5']],
		finds: 'phase1-hash',
		at: 'ike proposal s2s authentication-algorithm',
		by: 'authentication-algorithm sha1',
	},
	{
		what: 'another group in phase 1',
		device: junos,
		changes: [['dh-group group5', 'dh-group group2']],
		finds: 'phase1-group',
		at: 'dh-group',
		by: 'dh-group group5',
	},
	{
		what: 'another lifetime in phase 1',
		device: junos,
		changes: [['ike proposal s2s lifetime-seconds 86400', 'ike proposal s2s lifetime-seconds 28800']],
		finds: 'phase1-lifetime',
		at: 'ike proposal s2s lifetime',
		by: 'lifetime-seconds 86400',
	},
	{
		what: 'no lifetime in phase 1, where the default is another',
		device: junos,
		changes: [['set security ike proposal s2s lifetime-seconds 86400\n', '']],
		finds: 'phase1-lifetime',
		at: 'ike proposal s2s',
		by: 'lifetime-seconds 86400',
	},
	{
		what: 'aggressive mode',
		device: junos,
		changes: [['mode main', 'mode aggressive']],
		finds: 'aggressive-mode',
		at: 'mode aggressive',
		by: 'mode main',
	},
	{
		what: 'another cipher in phase 2',
		device: global,
		changes: [['ipsec proposal s2s encryption-algorithm aes-128-cbc', 'ipsec proposal s2s encryption-algorithm 3des-cbc']],
		finds: 'phase2-encryption',
		at: 'ipsec proposal s2s encryption',
		by: 'aes-128-cbc',
	},
	{
		what: 'another hash in phase 2',
		device: junos,
		changes: [['hmac-sha1-96', 'hmac-md5-96']],
		finds: 'phase2-hash',
		at: 'hmac-md5-96',
		by: 'hmac-sha1-96',
	},
	{
		what: 'PFS on our side only',
		device: junos,
		changes: [['set security ipsec policy s2s perfect-forward-secrecy keys group5\n', '']],
		finds: 'pfs',
		at: 'ipsec policy s2s',
		by: 'perfect-forward-secrecy keys group5',
	},
	{
		what: 'PFS of another group',
		device: global,
		changes: [['perfect-forward-secrecy keys group5', 'perfect-forward-secrecy keys group2']],
		finds: 'pfs',
		at: 'perfect-forward-secrecy',
		by: 'keys group5',
	},
	{
		what: 'authentication header in place of ESP',
		device: junos,
		changes: [['protocol esp', 'protocol ah']],
		finds: 'phase2-protocol',
		at: 'protocol ah',
		by: 'protocol esp',
	},
	{
		what: 'another peer',
		device: junos,
		changes: [['gateway s2s address 192.0.2.1', 'gateway s2s address 192.0.2.11']],
		finds: 'peer-address',
		at: 'gateway s2s address',
		by: 'address 192.0.2.1',
	},
	{
		what: 'no ike taken in',
		device: junos,
		changes: [['host-inbound-traffic system-services ike', 'host-inbound-traffic system-services ping']],
		finds: 'ike-not-allowed',
		at: 'system-services ping',
		by: 'host-inbound-traffic system-services ike',
	},
	{
		what: 'an interface that takes less in than its zone',
		device: global,
		changes: [
			after(
				'system-services ike',
				'set security zones security-zone untrust interfaces ge-0/0/0.0 host-inbound-traffic system-services ping',
			),
		],
		finds: 'ike-not-allowed',
		at: 'interfaces ge-0/0/0.0 host-inbound-traffic',
		by: 'interfaces ge-0/0/0.0 host-inbound-traffic system-services ike',
	},
	{
		what: 'an external interface without its unit',
		device: junos,
		changes: [
			['external-interface ge-0/0/0.0', 'external-interface ge-0/0/0'],
			after('system-services ike', 'set security zones security-zone untrust interfaces ge-0/0/0.0'),
		],
		finds: 'interface',
		at: 'external-interface',
		by: 'external-interface ge-0/0/0.0',
	},
	{
		what: 'a policy that takes everything before the tunnel',
		device: global,
		changes: [
			before(
				'set security policies from-zone trust to-zone untrust policy all match source-address any destination-address any application any\nset security policies from-zone trust to-zone untrust policy all then permit',
			),
			[/insert security policies.*\n/g, ''],
		],
		finds: 'policy-order',
		at: 'policy s2s-out-1 match source',
		by: 'insert security policies from-zone trust to-zone untrust policy s2s-out-1 before policy all',
	},
	{
		what: 'translation before the tunnel',
		device: junos,
		changes: [
			[/(set|insert) security nat.*\n/g, ''],
			before(
				'set security nat source rule-set out from zone trust\nset security nat source rule-set out to zone untrust\nset security nat source rule-set out rule all match source-address 0.0.0.0/0\nset security nat source rule-set out rule all then source-nat interface',
			),
		],
		finds: 'nat-exemption',
		at: 'rule all match source-address',
		by: 'source-nat off',
	},
	{
		what: 'a smaller subnet',
		device: junos,
		changes: [['s2s-in-a020000-24 10.2.0.0/24', 's2s-in-a020000-24 10.2.0.0/25']],
		finds: 'subnets-not-mirrored',
		at: 'address s2s-in-a020000-24 10.2.0.0/25',
		by: '10.2.0.0/24',
	},
	{
		what: 'a larger subnet of the other side',
		device: global,
		changes: [['s2s-out-a010000-16 10.1.0.0/16', 's2s-out-a010000-16 10.0.0.0/8']],
		finds: 'subnets-not-mirrored',
		at: 'address s2s-out-a010000-16 10.0.0.0/8',
		by: '10.1.0.0/16',
	},
	{
		what: 'a policy that lacks its pair',
		device: junos,
		changes: [
			['set security policies from-zone trust to-zone untrust policy s2s-out-1 then permit tunnel pair-policy s2s-in-1\n', ''],
		],
		finds: 'pair-policy',
		at: 's2s-out-1',
		by: 'pair-policy s2s-in-1',
	},
	{
		what: 'a policy for one application',
		device: junos,
		changes: [['s2s-out-1 match application any', 's2s-out-1 match application junos-http']],
		finds: 'application',
		at: 'junos-http',
		by: 'application any',
	},
	{
		what: 'a subnet left out',
		device: global,
		changes: [[/set security policies from-zone \w+ to-zone \w+ policy s2s-(in|out)-2.*\n/g, '']],
		finds: 'subnet-missing',
		at: 'a020000-24',
		by: '10.2.1.0/24',
	},

	{
		what: 'a netmask where a wildcard belongs',
		device: ios,
		changes: [[' permit ip 10.2.0.0 0.0.0.255', ' permit ip 10.2.0.0 255.255.255.0']],
		finds: 'netmask-for-wildcard',
		at: ' permit ip 10.2.0.0 255',
		by: 'permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255',
	},
	{
		what: 'the whole map dropped first',
		device: ios,
		changes: [before('no crypto map S2S')],
		finds: 'map-dropped',
		at: 'no crypto map S2S',
	},
	{
		what: 'an access list that is no mirror',
		device: ios,
		changes: [[' permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255', ' permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.0.255']],
		finds: 'subnets-not-mirrored',
		at: '10.1.0.0 0.0.0.255',
		by: '10.1.0.0 0.0.255.255',
	},
	{
		what: 'the subnets the wrong way round',
		device: ios,
		changes: [[' permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255', ' permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.0.255']],
		finds: 'subnets-not-mirrored',
		at: ' permit ip',
	},
	{
		what: 'PFS on our side only',
		device: ios,
		changes: [[' set pfs group5\n', '']],
		finds: 'pfs',
		at: 'crypto map S2S 10',
		by: 'set pfs group5',
	},
	{
		what: 'PFS without a group',
		device: ios,
		changes: [[' set pfs group5', ' set pfs']],
		finds: 'pfs',
		at: 'set pfs',
		by: 'set pfs group5',
	},
	{
		what: 'another cipher in phase 1',
		device: ios,
		changes: [[' encryption aes', ' encryption aes 256']],
		finds: 'phase1-encryption',
		at: 'encryption aes 256',
		by: ' encryption aes',
	},
	{
		what: 'the default hash, where ours is another',
		device: ios,
		changes: [[' hash sha\n', ' hash md5\n']],
		finds: 'phase1-hash',
		at: 'hash md5',
		by: 'hash sha',
	},
	{
		what: 'no group, where the default is another',
		device: ios,
		changes: [[' group 5\n', '']],
		finds: 'phase1-group',
		at: 'crypto isakmp policy',
		by: 'group 5',
	},
	{
		what: 'signatures in place of the key',
		device: ios,
		changes: [[' authentication pre-share\n', '']],
		finds: 'authentication',
		at: 'crypto isakmp policy',
		by: 'authentication pre-share',
	},
	{
		what: 'another cipher in phase 2',
		device: ios,
		changes: [['esp-aes esp-sha-hmac', 'esp-3des esp-sha-hmac']],
		finds: 'phase2-encryption',
		at: 'transform-set s2s-10 esp-3des',
		by: 'esp-aes esp-sha-hmac',
	},
	{
		what: 'transport mode',
		device: ios,
		changes: [['mode tunnel', 'mode transport']],
		finds: 'transport-mode',
		at: 'mode transport',
		by: 'mode tunnel',
	},
	{
		what: 'another lifetime in phase 2',
		device: ios,
		changes: [['lifetime seconds 3600', 'lifetime seconds 28800']],
		finds: 'phase2-lifetime',
		at: 'seconds 28800',
		by: 'seconds 3600',
	},
	{
		what: 'a key for another address',
		device: ios,
		changes: [['address 192.0.2.1\n', 'address 192.0.2.7\n']],
		finds: 'key-missing',
		at: 'crypto isakmp key',
		by: 'address 192.0.2.1',
	},
	{
		what: 'another peer',
		device: ios,
		changes: [[/192\.0\.2\.1$/gm, '192.0.2.7']],
		finds: 'peer-address',
		at: 'set peer',
		by: 'set peer 192.0.2.1',
	},
	{
		what: 'another peer, beside the key for ours',
		device: ios,
		changes: [['set peer 192.0.2.1', 'set peer 192.0.2.9']],
		finds: 'peer-address',
		at: 'set peer',
		by: 'set peer 192.0.2.1',
	},
	{
		what: 'a dangling transform set',
		device: ios,
		changes: [[' set transform-set s2s-10', ' set transform-set S2S']],
		finds: 'undefined-name',
		at: 'set transform-set S2S',
	},
	{
		what: 'a dangling access list',
		device: ios,
		changes: [[' match address s2s-10', ' match address VPN']],
		finds: 'undefined-name',
		at: 'match address VPN',
	},
	{
		what: 'the map at no interface',
		device: ios,
		changes: [[' crypto map S2S\n', '']],
		finds: 'map-not-applied',
		at: 'crypto map S2S 10',
		by: ' crypto map S2S',
	},
	{
		what: 'translation without an exemption',
		device: ios,
		changes: [
			[/ip access-list resequence NAT[\s\S]*?exit\n/, ''],
			before(
				'access-list 101 permit ip 10.2.0.0 0.0.255.255 any\nip nat inside source list 101 interface GigabitEthernet0/0 overload',
			),
		],
		finds: 'nat-exemption',
		at: 'access-list 101 permit ip',
		by: 'deny ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255',
	},
	{
		what: 'translation by a list that cannot tell destinations apart',
		device: ios,
		changes: [
			[/ip access-list resequence NAT[\s\S]*?exit\n/, ''],
			before('access-list 1 permit 10.2.0.0 0.0.255.255\nip nat inside source list 1 interface GigabitEthernet0/0 overload'),
		],
		finds: 'nat-exemption',
		at: 'access-list 1 permit',
		by: 'ip nat inside source list S2S-NAT interface GigabitEthernet0/0 overload',
	},
	{
		what: 'a filter at the outside interface',
		device: ios,
		changes: [
			after(' crypto map S2S', ' ip access-group 102 in'),
			before('access-list 102 permit udp any any eq 500\naccess-list 102 permit tcp any any established'),
		],
		finds: 'firewall',
		at: 'access-list 102 permit udp',
		by: 'permit esp host 192.0.2.1 any',
	},
	{
		what: 'an entry for TCP alone',
		device: ios,
		changes: [[' permit ip 10.2.0.0', ' permit tcp 10.2.0.0']],
		finds: 'application',
		at: 'permit tcp',
		by: 'permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255',
	},
];
