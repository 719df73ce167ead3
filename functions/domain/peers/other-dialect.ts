import type { Device } from './contract/peer-device.ts';
import type { Dialect } from './contract/peer-reading.ts';

/** By lines that no other of them has; those that are not read here first, some of whose lines look like another's. */
const dialects: readonly (Dialect & { sign: RegExp })[] = [
	{
		name: 'a Cisco ASA configuration',
		sign: /^[^\n\S]*(?:crypto map \S+ \d+ (?:set|match) |tunnel-group \S+ |access-list \S+ extended |crypto ikev1 (?:policy|enable) )/m,
		devices: [],
	},
	{ name: 'a FortiOS configuration', sign: /^[^\n\S]*(?:config vpn ipsec |set remote-gw )/m, devices: [] },
	{ name: 'a PAN-OS configuration', sign: /^[^\n\S]*(?:set network (?:ike|tunnel) |set deviceconfig )/m, devices: [] },
	{ name: 'a VyOS configuration', sign: /^[^\n\S]*(?:set vpn ipsec |vpn \{)/m, devices: [] },
	{ name: 'a RouterOS configuration', sign: /^[^\n\S]*\/ip ipsec(?:\s|$)/m, devices: [] },
	{
		name: 'a JunOS configuration',
		sign: /^[^\n\S]*(?:set (?:security|interfaces|system|routing-options) |(?:security|interfaces|system) \{)/m,
		devices: ['junos-11.2', 'junos-9.5'],
	},
	{
		name: 'an IOS configuration',
		sign: /^[^\n\S]*(?:crypto (?:isakmp|ipsec|map|ikev2) |ip access-list (?:extended|standard) )/m,
		devices: ['ios-12.4'],
	},
	{ name: 'a swanctl.conf', sign: /^[^\n\S]*connections \{/m, devices: ['strongswan-swanctl'] },
	{ name: 'an ipsec.conf', sign: /^[^\n\S]*conn \S/m, devices: ['strongswan-ipsec', 'libreswan', 'openswan'] },
];

/** What a text is that has nothing of the dialect by which it was read. */
export const otherDialect = (device: Device, text: string): Dialect | undefined => {
	const [first, ...others] = dialects.filter(({ sign }) => sign.test(text));
	if (first?.devices.length === 0) return first;
	return [first, ...others].some((one) => one?.devices.includes(device)) ? undefined : first;
};
