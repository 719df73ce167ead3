import * as z from 'zod';
import { Psk } from '../../model/customer-gateway.ts';

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
/** Those whose configurations are read as well. */
export const readDevices = ['junos-9.5', 'junos-11.2', 'ios-12.4'] as const satisfies readonly Device[];
/** Of a text that is to be read: the others are refused by name. */
export const DeviceOfText = z.enum(Device.options, { error: `must be one of ${readDevices.join(', ')}` });

/** JunOS and IOS take these as one word; nothing of them can begin another line or statement. */
const word = (most: number) =>
	z
		.string()
		.regex(new RegExp(`^[A-Za-z][A-Za-z0-9_-]{0,${most - 1}}$`), `must be a name of at most ${most} letters, digits, - or _`);
/** JunOS: what a zone has is a unit of an interface. */
const unit = z.string().regex(/^[a-z][a-z0-9/-]{0,24}\.\d{1,5}$/, 'must be an interface with its unit, such as ge-0/0/0.0');
const iosInterface = z
	.string()
	.regex(/^[A-Za-z][A-Za-z0-9./-]{0,31}$/, 'must be the name of an interface, such as GigabitEthernet0/0');
/** What all of ours on the device begins with. */
const prefix = word(16).default('s2s');

/** Names on a device; the defaults are those of one as it is delivered. A name that it does not have is refused, by those that it has. */
const namesOf = <Names extends z.ZodRawShape>(what: string, names: Names) =>
	z.strictObject(names, {
		error: ({ code }) =>
			code === 'unrecognized_keys' ? `is no name of ${what}; it has ${Object.keys(names).join(', ')}` : undefined,
	});
const JunosNames = namesOf('a JunOS device', {
	/** The interface to the internet. */
	outsideInterface: unit.default('ge-0/0/0.0'),
	/** Security zones. */
	insideZone: word(24).default('trust'),
	outsideZone: word(24).default('untrust'),
	/** The policies that are searched first now from the inside to the outside and back; ours come before them. */
	outboundPolicy: word(32).optional(),
	inboundPolicy: word(32).optional(),
	/** The rule set that translates from the inside to the outside, and its first rule. */
	natRuleSet: word(32).default('trust-to-untrust'),
	natRule: word(32).default('source-nat-rule'),
	prefix,
});
const IosNames = namesOf('an IOS device', {
	outsideInterface: iosInterface.default('GigabitEthernet0/0'),
	insideInterface: iosInterface.default('GigabitEthernet0/1'),
	/** The crypto map that the outside interface has or is to have, and a free entry of it. */
	mapName: word(32).default('S2S'),
	mapSequence: z.int().min(1).max(65_535).default(10),
	isakmpPolicy: z.int().min(1).max(10_000).default(10),
	/** The access list that `ip nat inside source list` translates by. */
	natAccessList: word(32).default('NAT'),
	prefix,
});
const SwanNames = namesOf('a Linux peer', { prefix });
export type JunosNames = z.infer<typeof JunosNames>;
export type IosNames = z.infer<typeof IosNames>;
export type SwanNames = z.infer<typeof SwanNames>;

/** A kind of device with the names that it has. */
const named = <More extends z.ZodRawShape>(more: More) =>
	z.discriminatedUnion('device', [
		JunosNames.extend({ device: Device.extract(['junos-9.5', 'junos-11.2']), ...more }),
		IosNames.extend({ device: Device.extract(['ios-12.4']), ...more }),
		SwanNames.extend({ device: Device.extract(['strongswan-swanctl', 'strongswan-ipsec', 'libreswan', 'openswan']), ...more }),
		namesOf('the generic sheet', {}).extend({ device: Device.extract(['generic']), ...more }),
	]);
export const NamedDevice = named({});
export type NamedDevice = z.infer<typeof NamedDevice>;
/** With the key, for this one rendering. */
export const KeyedDevice = named({ psk: Psk.optional() });

/** What is put on the device, what shows that it works, and what takes it away again. */
export type DeviceConfig = { config: string; verify: string; remove: string };

/** What of the customer gateway, or of the request, a device cannot do, and the way out. */
export type Inability = { pointer: string; detail: string };
/** A device that cannot do the connection says why. */
export type Unable = { unable: string; fields: Inability[] };

export const unableBy = (fields: Inability[]): Unable | undefined =>
	fields.length === 0 ? undefined : { unable: fields.map(({ detail }) => detail).join('; '), fields };
