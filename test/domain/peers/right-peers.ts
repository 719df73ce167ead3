/** Configurations of the other end of aCustomerGateway(), as devices or people write them: none has a fault. */
export const rightPeers: Record<string, { device: 'junos-9.5' | 'junos-11.2' | 'ios-12.4'; text: string }> = {
	'JunOS in braces, the global book, lists, comments and what is inactive': {
		device: 'junos-11.2',
		text: `## Last changed: 2011-05-05 10:00:00 UTC
version 11.2R4.3;
system {
    host-name office;
    root-authentication { encrypted-password "$1$x{y;z}"; } ## SECRET-DATA
}
security {
    ike {
        /* the old one stays until May */
        inactive: proposal old { dh-group group1; }
        proposal strong {
            authentication-method pre-shared-keys;
            dh-group group5;
            authentication-algorithm sha1;
            encryption-algorithm aes-128-cbc;
            lifetime-seconds 86400;
        }
        proposal weak { authentication-method pre-shared-keys; dh-group group2; authentication-algorithm md5; encryption-algorithm 3des-cbc; }
        policy cloud { mode main; proposals [ weak strong ]; pre-shared-key ascii-text "$9$abc{def"; ## SECRET-DATA
        }
        gateway cloud { ike-policy cloud; address 192.0.2.1; external-interface ge-0/0/1.0; inactive: address 192.0.2.99; }
    }
    ipsec {
        proposal strong { protocol esp; authentication-algorithm hmac-sha1-96; encryption-algorithm aes-128-cbc; }
        policy cloud { perfect-forward-secrecy { keys group5; } proposals strong; }
        vpn cloud { ike { gateway cloud; ipsec-policy cloud; } establish-tunnels on-traffic; }
    }
    address-book { global { address lan-a 10.2.0.0/24; address lan-b { 10.2.1.0/24; } address vpc 10.1.0.0/16; } }
    policies {
        from-zone trust to-zone untrust {
            policy a-out { match { source-address lan-a; destination-address vpc; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy a-in; } } } }
            policy b-out { match { source-address lan-b; destination-address vpc; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy b-in; } } log { session-init; } } }
            policy all { match { source-address any; destination-address any; application any; } then { permit; } }
        }
        from-zone untrust to-zone trust {
            policy a-in { match { source-address vpc; destination-address lan-a; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy a-out; } } } }
            policy b-in { match { source-address vpc; destination-address lan-b; application any; } then { permit { tunnel { ipsec-vpn cloud; pair-policy b-out; } } } }
        }
    }
    zones {
        security-zone trust { interfaces { ge-0/0/0.0; } host-inbound-traffic { system-services { all; } } }
        security-zone untrust { interfaces { ge-0/0/1.0 { host-inbound-traffic { system-services { ping; ike; } } } } }
    }
    nat { source { rule-set out { from zone trust; to zone untrust;
        rule vpn { match { source-address 10.2.0.0/16; destination-address 10.1.0.0/16; } then { source-nat { off; } } }
        rule all { match { source-address 0.0.0.0/0; } then { source-nat { interface; } } } } } }
}
`,
	},
	'JunOS commands from the bottom up, several words a line': {
		device: 'junos-9.5',
		text: `set security policies from-zone untrust to-zone trust policy 4 match source-address vpc destination-address b application any
set security policies from-zone untrust to-zone trust policy 4 then permit tunnel ipsec-vpn v pair-policy 3
set security policies from-zone trust to-zone untrust policy 3 match source-address b destination-address vpc application any
set security policies from-zone trust to-zone untrust policy 3 then permit tunnel ipsec-vpn v pair-policy 4
set security policies from-zone untrust to-zone trust policy 2 match source-address vpc destination-address a application any
set security policies from-zone untrust to-zone trust policy 2 then permit tunnel ipsec-vpn v pair-policy 1
set security policies from-zone trust to-zone untrust policy 1 match source-address a destination-address vpc application any
set security policies from-zone trust to-zone untrust policy 1 then permit tunnel ipsec-vpn v pair-policy 2
set security zones security-zone untrust host-inbound-traffic system-services any-service
set security zones security-zone untrust address-book address vpc 10.1.0.0/16
set security zones security-zone trust address-book address b 10.2.1.0/24
set security zones security-zone trust address-book address a 10.2.0.0/24
set security ipsec vpn v ike gateway g ipsec-policy p
set security ipsec policy p proposals q perfect-forward-secrecy keys group5
set security ipsec proposal q encryption-algorithm aes-128-cbc authentication-algorithm hmac-sha1-96 protocol esp lifetime-seconds 3600
set security ike gateway g external-interface fe-0/0/0.0 address 192.0.2.1 ike-policy i
set security ike policy i mode main proposals r pre-shared-key ascii-text "a b"
set security ike proposal r lifetime-seconds 86400 encryption-algorithm aes-128-cbc authentication-algorithm sha1 dh-group group5 authentication-method pre-shared-keys
`,
	},
	'JunOS as it is typed, with prompts, edit and up, a change of mind and a policy moved up': {
		device: 'junos-11.2',
		text: `[edit]
admin@office# edit security ike
admin@office# set proposal r authentication-method pre-shared-keys dh-group group5 authentication-algorithm md5
admin@office# set proposal r authentication-algorithm sha1 encryption-algorithm aes-128-cbc lifetime-seconds 86400
admin@office# set policy i proposals r
admin@office# set policy i pre-shared-key ascii-text secret
admin@office# set gateway g ike-policy i
admin@office# set gateway g address 192.0.2.9
admin@office# delete gateway g address 192.0.2.9
admin@office# set gateway g address 192.0.2.1
admin@office# set gateway g external-interface ge-0/0/0.0
admin@office# up
admin@office# edit ipsec
admin@office# set proposal q protocol esp authentication-algorithm hmac-sha1-96 encryption-algorithm aes-128-cbc
admin@office# set policy p proposals q
admin@office# set policy p perfect-forward-secrecy keys group5
admin@office# set vpn v ike gateway g
admin@office# set vpn v ike ipsec-policy p
admin@office# top
admin@office# set security address-book global address a 10.2.0.0/24
admin@office# set security address-book global address b 10.2.1.0/24
admin@office# set security address-book global address vpc 10.1.0.0/16
admin@office# set security zones security-zone untrust host-inbound-traffic system-services ike
admin@office# set security policies from-zone trust to-zone untrust policy all match source-address any destination-address any application any
admin@office# set security policies from-zone trust to-zone untrust policy all then permit
admin@office# edit security policies from-zone trust to-zone untrust
admin@office# set policy 1 match source-address a destination-address vpc application any
admin@office# set policy 1 then permit tunnel ipsec-vpn v pair-policy 2
admin@office# set policy 3 match source-address b destination-address vpc application any
admin@office# set policy 3 then permit tunnel ipsec-vpn v pair-policy 4
admin@office# insert policy 1 before policy all
admin@office# insert policy 3 before policy all
admin@office# top edit security policies
admin@office# top
admin@office# edit security policies from-zone untrust to-zone trust
admin@office# set policy 2 match source-address vpc destination-address a application any
admin@office# set policy 2 then permit tunnel ipsec-vpn v pair-policy 1
admin@office# set policy 4 match source-address vpc destination-address b application any
admin@office# set policy 4 then permit tunnel ipsec-vpn v pair-policy 3
`,
	},
	'JunOS with another tunnel of another suite beside, which is half done': {
		device: 'junos-9.5',
		text: `set security ike proposal other dh-group group1
set security ike policy other mode aggressive
set security ike policy other proposals nowhere
set security ike gateway other ike-policy other
set security ike gateway other address 198.51.100.9
set security ipsec vpn other ike gateway other
set security ike proposal r authentication-method pre-shared-keys
set security ike proposal r dh-group group5
set security ike proposal r authentication-algorithm sha1
set security ike proposal r encryption-algorithm aes-128-cbc
set security ike proposal r lifetime-seconds 86400
set security ike policy i proposals r
set security ike policy i pre-shared-key hexadecimal abcdef
set security ike gateway g ike-policy i
set security ike gateway g address [ 192.0.2.1 192.0.2.77 ]
set security ike gateway g external-interface ge-0/0/0.0
set security ipsec proposal q protocol esp
set security ipsec proposal q authentication-algorithm hmac-sha1-96
set security ipsec proposal q encryption-algorithm aes-128-cbc
set security ipsec policy p proposals q
set security ipsec policy p perfect-forward-secrecy keys group5
set security ipsec vpn v ike gateway g
set security ipsec vpn v ike ipsec-policy p
set security zones security-zone inside address-book address a 10.2.0.0/24
set security zones security-zone inside address-book address b 10.2.1.0/24
set security zones security-zone inside interfaces ge-0/0/1.0
set security zones security-zone outside address-book address vpc 10.1.0.0/16
set security zones security-zone outside interfaces ge-0/0/0.0
set security zones security-zone outside host-inbound-traffic system-services all
set security policies from-zone inside to-zone outside policy 1 match source-address a
set security policies from-zone inside to-zone outside policy 1 match destination-address vpc
set security policies from-zone inside to-zone outside policy 1 match application any
set security policies from-zone inside to-zone outside policy 1 then permit tunnel ipsec-vpn v
set security policies from-zone inside to-zone outside policy 1 then permit tunnel pair-policy 1
set security policies from-zone outside to-zone inside policy 1 match source-address vpc
set security policies from-zone outside to-zone inside policy 1 match destination-address a
set security policies from-zone outside to-zone inside policy 1 match application any
set security policies from-zone outside to-zone inside policy 1 then permit tunnel ipsec-vpn v
set security policies from-zone outside to-zone inside policy 1 then permit tunnel pair-policy 1
set security policies from-zone inside to-zone outside policy 2 match source-address b
set security policies from-zone inside to-zone outside policy 2 match destination-address vpc
set security policies from-zone inside to-zone outside policy 2 match application any
set security policies from-zone inside to-zone outside policy 2 then permit tunnel ipsec-vpn v
set security policies from-zone inside to-zone outside policy 2 then permit tunnel pair-policy 2
set security policies from-zone outside to-zone inside policy 2 match source-address vpc
set security policies from-zone outside to-zone inside policy 2 match destination-address b
set security policies from-zone outside to-zone inside policy 2 match application any
set security policies from-zone outside to-zone inside policy 2 then permit tunnel ipsec-vpn v
set security policies from-zone outside to-zone inside policy 2 then permit tunnel pair-policy 2
`,
	},
	'JunOS with an old address deactivated and one policy for what is no pair of ours': {
		device: 'junos-11.2',
		text: `set security ike proposal r authentication-method pre-shared-keys dh-group group5 authentication-algorithm sha1 encryption-algorithm aes-128-cbc lifetime-seconds 86400
set security ike policy i proposals r pre-shared-key ascii-text "x"
set security ike gateway g ike-policy i address 192.0.2.7
deactivate security ike gateway g address 192.0.2.7
set security ike gateway g address 192.0.2.1 external-interface ge-0/0/0.0
set security ipsec proposal q protocol esp authentication-algorithm hmac-sha1-96 encryption-algorithm aes-128-cbc lifetime-seconds 3600
set security ipsec policy p proposals q perfect-forward-secrecy keys group5
set security ipsec vpn v ike gateway g ipsec-policy p
set security address-book global address a 10.2.0.0/24
set security address-book global address b 10.2.1.0/24
set security address-book global address vpc 10.1.0.0/16
set security address-book global address printers 10.9.0.0/24
set security zones security-zone untrust host-inbound-traffic system-services ike
set security policies from-zone trust to-zone untrust policy print match source-address printers destination-address any application junos-http
set security policies from-zone trust to-zone untrust policy print then deny
set security policies from-zone trust to-zone untrust policy 1 match source-address a destination-address vpc application any
set security policies from-zone trust to-zone untrust policy 1 then permit tunnel ipsec-vpn v pair-policy 2
set security policies from-zone trust to-zone untrust policy 3 match source-address b destination-address vpc application any
set security policies from-zone trust to-zone untrust policy 3 then permit tunnel ipsec-vpn v pair-policy 4
set security policies from-zone untrust to-zone trust policy 2 match source-address vpc destination-address a application any
set security policies from-zone untrust to-zone trust policy 2 then permit tunnel ipsec-vpn v pair-policy 1
set security policies from-zone untrust to-zone trust policy 4 match source-address vpc destination-address b application any
set security policies from-zone untrust to-zone trust policy 4 then permit tunnel ipsec-vpn v pair-policy 3
`,
	},
	'IOS as show running-config prints it, without what is the default': {
		device: 'ios-12.4',
		text: `Building configuration...

Current configuration : 4711 bytes
!
version 12.4
service timestamps debug datetime msec
hostname office
!
crypto isakmp policy 1
 encr aes
 authentication pre-share
 group 5
crypto isakmp key S3cret address 192.0.2.1
crypto isakmp keepalive 30 5 periodic
!
!
crypto ipsec transform-set CLOUD esp-aes esp-sha-hmac
!
crypto map OUTSIDE 20 ipsec-isakmp
 description to the cloud
 set peer 192.0.2.1
 set transform-set CLOUD
 set pfs group5
 match address 120
!
interface FastEthernet0/0
 ip address 192.0.2.2 255.255.255.0
 ip nat outside
 ip virtual-reassembly
 duplex auto
 speed auto
 crypto map OUTSIDE
!
interface FastEthernet0/1
 ip address 10.2.0.1 255.255.254.0
 ip nat inside
 ip tcp adjust-mss 1360
!
ip route 0.0.0.0 0.0.0.0 192.0.2.254
!
ip nat inside source route-map NONAT interface FastEthernet0/0 overload
!
access-list 110 deny   ip 10.2.0.0 0.0.1.255 10.1.0.0 0.0.255.255
access-list 110 permit ip 10.2.0.0 0.0.1.255 any
access-list 120 remark what goes to the cloud
access-list 120 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
access-list 120 permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255
!
route-map NONAT permit 10
 match ip address 110
!
line vty 0 4
 login local
end
`,
	},
	'IOS as it is typed, abbreviated and with prompts': {
		device: 'ios-12.4',
		text: `office#conf t
office(config)#cry isa pol 30
office(config-isakmp)#enc aes 128
office(config-isakmp)#ha sha
office(config-isakmp)#auth pre
office(config-isakmp)#gr 5
office(config-isakmp)#li 86400
office(config-isakmp)#cry isa key 0 S3cret addr 192.0.2.1 no-xauth
office(config)#cry ips tr T esp-sha-hmac esp-aes 128
office(cfg-crypto-trans)#mo tu
office(cfg-crypto-trans)#ip acc ex VPN
office(config-ext-nacl)#perm ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
office(config-ext-nacl)#permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255
office(config-ext-nacl)#cry map M 5 ipsec-isa
office(config-crypto-map)#set peer 192.0.2.1
office(config-crypto-map)#set tr T
office(config-crypto-map)#set pf group5
office(config-crypto-map)#set sec life sec 3600
office(config-crypto-map)#ma addr VPN
office(config-crypto-map)#int gi 0/0
office(config-if)#cry map M
office(config-if)#end
`,
	},
	'IOS with several policies, sets and maps, a general lifetime, and another tunnel that is not done': {
		device: 'ios-12.4',
		text: `crypto isakmp policy 5
 encr 3des
 hash md5
 authentication pre-share
 group 2
 lifetime 3600
crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 5
crypto isakmp policy 20
 encr aes 256
crypto isakmp key K1 address 198.51.100.0 255.255.255.0
crypto isakmp key K2 address 192.0.2.0 255.255.255.0
crypto ipsec security-association lifetime seconds 3600
crypto ipsec transform-set A esp-3des esp-md5-hmac
crypto ipsec transform-set B esp-aes esp-sha-hmac
crypto map M 10 ipsec-isakmp
 set peer 198.51.100.9
 set transform-set NOWHERE
 match address NOWHERE
crypto map M 20 ipsec-isakmp
 set peer 192.0.2.1
 set transform-set A B
 set pfs group5
 match address L
interface Dialer1
 crypto map M
ip access-list extended L
 10 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
 20 permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255
`,
	},
	'IOS with a filter that lets the tunnel in, and the lists taken away before they are made': {
		device: 'ios-12.4',
		text: `no access-list 120
no crypto map M 10
no ip access-list extended IN
ip access-list extended IN
 permit udp host 192.0.2.1 any eq isakmp
 permit udp host 192.0.2.1 any eq 4500
 permit esp host 192.0.2.1 host 192.0.2.2
 permit tcp any any established
 deny ip any any log
access-list 120 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
access-list 120 permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto isakmp policy 10
 encryption aes
 authentication pre-share
 group 5
crypto isakmp key K address 192.0.2.1
crypto ipsec transform-set T esp-aes esp-sha-hmac
crypto map M 10 ipsec-isakmp
 set peer 192.0.2.1 default
 set transform-set T
 set pfs group5
 match address 120
interface Gig0/0
 ip access-group IN in
 crypto map M
`,
	},
	'IOS with an exemption in a list of its own numbers, before what is translated': {
		device: 'ios-12.4',
		text: `ip nat inside source list NAT interface FastEthernet0/0 overload
ip access-list extended NAT
 20 permit ip 10.2.0.0 0.0.255.255 any
 5 deny ip 10.2.0.0 0.0.255.255 10.0.0.0 0.255.255.255
ip access-list extended VPN
 20 permit ip 10.2.1.0 0.0.0.255 10.1.0.0 0.0.255.255
 10 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map M 65535 ipsec-isakmp
 match address VPN
 set pfs group5
 set transform-set T
 set peer 192.0.2.1
crypto ipsec transform-set T esp-sha-hmac esp-aes
crypto isakmp key K address 0.0.0.0 0.0.0.0
crypto isakmp policy 10000
 group 5
 authentication pre-share
 hash sha
 encr aes
interface FastEthernet0/0
 ip nat outside
 crypto map M
`,
	},
};
