/** What is known of each mode, as patterns (ios-pattern.ts). */
export const policyWords = ['encryption …', 'hash V', 'authentication V', 'group V', 'lifetime V'];
export const mapWords = [
	'set peer V …',
	'set transform-set V …',
	'set pfs …',
	'set security-association lifetime seconds V',
	'set security-association lifetime kilobytes V',
	'match address V',
	'description …',
	'reverse-route …',
];
export const interfaceWords = [
	'crypto map V',
	'ip address …',
	'ip nat inside',
	'ip nat outside',
	'ip tcp adjust-mss V',
	'ip access-group V in',
	'ip access-group V out',
	'ip virtual-reassembly …',
	'ip mtu V',
	'description …',
	'duplex V',
	'speed V',
	'no shutdown',
	'shutdown',
	'no ip address',
];
export const globalWords = [
	'crypto isakmp keepalive V …',
	'crypto isakmp enable',
	'no crypto isakmp enable',
	'crypto isakmp identity address',
	'crypto isakmp aggressive-mode disable',
	'crypto isakmp invalid-spi-recovery',
	'crypto isakmp nat keepalive V',
	'crypto ipsec security-association lifetime seconds V',
	'crypto ipsec security-association lifetime kilobytes V',
	'crypto ipsec df-bit V',
];
