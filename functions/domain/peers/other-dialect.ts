import type { Device } from './contract/peer-device.ts';
import type { Dialect } from './contract/peer-reading.ts';

/** By lines that no other of them has. */
const dialects: readonly (Dialect & { sign: RegExp })[] = [
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
	const found = dialects.filter(({ sign }) => sign.test(text));
	return found.some(({ devices }) => devices.includes(device)) ? undefined : found[0];
};
