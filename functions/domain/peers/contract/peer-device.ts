import * as z from 'zod';

export const Device = z.enum([
	'junos-9.5',
	'junos-11.2',
	'ios-12.4',
	'strongswan-swanctl',
	'strongswan-ipsec',
	'libreswan',
	'openswan',
	'generic',
]);
export type Device = z.infer<typeof Device>;

/** JunOS and IOS take these as one word; nothing of them can begin another line or statement. */
const word = (most: number) =>
	z
		.string()
		.regex(new RegExp(`^[A-Za-z][A-Za-z0-9_-]{0,${most - 1}}$`), `must be a name of at most ${most} letters, digits, - or _`);
const interfaceName = z
	.string()
	.regex(/^[A-Za-z][A-Za-z0-9./-]{0,31}$/, 'must be the name of an interface, such as ge-0/0/0.0 or GigabitEthernet0/0');

/** Names on the device; the defaults are those of a device as it is delivered. */
export const DeviceNames = z.strictObject({
	/** JunOS: the interface to the internet, with its unit. IOS: the outside interface. */
	outsideInterface: interfaceName.optional(),
	insideInterface: interfaceName.optional(),
	/** JunOS security zones. */
	insideZone: word(24).default('trust'),
	outsideZone: word(24).default('untrust'),
	/** JunOS: the policies that are searched first now from the inside to the outside and back; ours come before them. */
	outboundPolicy: word(32).optional(),
	inboundPolicy: word(32).optional(),
	/** JunOS: the rule set that translates from the inside to the outside, and its first rule. */
	natRuleSet: word(32).default('trust-to-untrust'),
	natRule: word(32).default('source-nat-rule'),
	/** What all of ours on the device begins with. */
	prefix: word(16).default('s2s'),
	/** IOS: the crypto map that the outside interface has or is to have, and a free entry of it. */
	mapName: word(32).default('S2S'),
	mapSequence: z.int().min(1).max(65_535).default(10),
	isakmpPolicy: z.int().min(1).max(10_000).default(10),
	/** IOS: the access list that `ip nat inside source list` translates by. */
	natAccessList: word(32).default('NAT'),
});
export type DeviceNames = z.infer<typeof DeviceNames>;

/** What is put on the device, what shows that it works, and what takes it away again. */
export type DeviceConfig = { config: string; verify: string; remove: string };

/** What of the customer gateway, or of the request, a device cannot do, and the way out. */
export type Inability = { pointer: string; detail: string };
/** A device that cannot do the connection says why. */
export type Unable = { unable: string; fields: Inability[] };

export const unableBy = (fields: Inability[]): Unable | undefined =>
	fields.length === 0 ? undefined : { unable: fields.map(({ detail }) => detail).join('; '), fields };
