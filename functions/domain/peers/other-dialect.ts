import type { Device } from './contract/peer-device.ts';
import type { Dialect } from './contract/peer-reading.ts';

/**
 * By lines that no other of them has; those that are not read here first, some of whose lines look like another's. What stands before
 * the words must not be what `^` stands behind, such as \r and U+2028: each of many would be searched from to the last.
 */
const dialects: readonly (Dialect & { sign: RegExp })[] = [
	{
		name: 'a Cisco ASA configuration',
		sign: /^[ \t]*(?:crypto map \S+ \d+ (?:set|match) |tunnel-group \S+ |access-list \S+ extended |crypto ikev1 (?:policy|enable) )/m,
		devices: [],
	},
	{ name: 'a FortiOS configuration', sign: /^[ \t]*(?:config vpn ipsec |set remote-gw )/m, devices: [] },
	{ name: 'a PAN-OS configuration', sign: /^[ \t]*(?:set network (?:ike|tunnel) |set deviceconfig )/m, devices: [] },
	{ name: 'a VyOS configuration', sign: /^[ \t]*(?:set vpn ipsec |vpn \{)/m, devices: [] },
	{ name: 'a RouterOS configuration', sign: /^[ \t]*\/ip ipsec(?:\s|$)/m, devices: [] },
	{
		name: 'a JunOS configuration',
		sign: /^[ \t]*(?:set (?:security|interfaces|system|routing-options) |(?:security|interfaces|system) \{)/m,
		devices: ['junos-11.2', 'junos-9.5'],
	},
	{
		name: 'an IOS configuration',
		sign: /^[ \t]*(?:crypto (?:isakmp|ipsec|map|ikev2) |ip access-list (?:extended|standard) )/m,
		devices: ['ios-12.4'],
	},
	{ name: 'a swanctl.conf', sign: /^[ \t]*connections \{/m, devices: ['strongswan-swanctl'] },
	{ name: 'an ipsec.conf', sign: /^[ \t]*conn \S/m, devices: ['strongswan-ipsec', 'libreswan', 'openswan'] },
];

/** What a text is that has nothing of the dialect by which it was read. */
export const otherDialect = (device: Device, text: string): Dialect | undefined => {
	const [first, ...others] = dialects.filter(({ sign }) => sign.test(text));
	if (first?.devices.length === 0) return first;
	return [first, ...others].some((one) => one?.devices.includes(device)) ? undefined : first;
};
