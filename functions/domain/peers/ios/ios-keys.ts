import { canonicalCidr, cidrContains } from '../../model/cidr.ts';
import { keyOf } from '../contract/device-key.ts';
import { finding } from '../contract/peer-finding.ts';
import type { DeviceKey, Finding } from '../contract/peer-reading.ts';
import { keyPlaceholder } from '../contract/peer-view.ts';
import type { IosConfig, IosKey } from './ios-config.ts';

const lengthOf = (mask: string): number =>
	mask.split('.').reduce((bits, octet) => bits + Number(octet).toString(2).replaceAll('0', '').length, 0);

/** How closely a key names a peer; undefined where it is for others. */
const closeness = ({ of }: IosKey, { hosts }: IosConfig, peer: string): number | undefined => {
	if ('host' in of) return hosts.get(of.host.toLowerCase())?.includes(peer) ? 33 : undefined;
	const length = lengthOf(of.mask);
	return length === 0 || cidrContains(canonicalCidr(`${of.address}/${length}`), `${peer}/32`) ? length : undefined;
};

const isFor = (key: IosKey, config: IosConfig, peer: string): boolean => closeness(key, config, peer) !== undefined;

/** The key that the device takes for a peer: of several, the one that names it most closely. */
const closest = (config: IosConfig, peer: string): IosKey | undefined =>
	config.keys
		.map((key) => ({ key, by: closeness(key, config, peer) ?? -1 }))
		.filter(({ by }) => by >= 0)
		.sort((a, b) => b.by - a.by)[0]?.key;

const ofText = ({ of }: IosKey): string =>
	'host' in of ? `hostname ${of.host}` : `address ${of.address}${of.mask === '255.255.255.255' ? '' : ` ${of.mask}`}`;

/** A key for many peers is left alone: one for this peer goes before it. */
const replacing = (key: IosKey, peer: string): string[] => {
	const own = 'host' in key.of || key.of.mask === '255.255.255.255';
	return own
		? [`no crypto isakmp key ${keyPlaceholder} ${ofText(key)}`, `crypto isakmp key ${keyPlaceholder} ${ofText(key)}`]
		: [`crypto isakmp key ${keyPlaceholder} address ${peer}`];
};

export const deviceKey = (config: IosConfig, peer: string): DeviceKey | undefined => {
	const found = closest(config, peer);
	if (found === undefined) return undefined;
	return { key: found.encrypted ? undefined : keyOf(found.key), line: found.line, replace: replacing(found, peer) };
};

/** Host names of keys whose address the text does not say. */
export const unresolvedKeys = ({ keys, hosts }: IosConfig): { host: string; line: number }[] =>
	keys.flatMap(({ of, line }) => ('host' in of && !hosts.has(of.host.toLowerCase()) ? [{ host: of.host, line }] : []));

/** That a peer has no key, unless one may be where it is not read. */
export const keyFaults = (config: IosConfig, { address, line }: { address: string | undefined; line: number }): Finding[] => {
	const { keys, maps, notRead } = config;
	if (address === undefined || keys.some((key) => isFor(key, config, address))) return [];
	if (notRead.has('keyring') || unresolvedKeys(config).length > 0) return [];
	const peers = maps.flatMap((entry) => entry.peers.map(({ name }) => name));
	const stray = keys.find((key) => !peers.some((peer) => isFor(key, config, peer)));
	return [
		finding('key-missing', stray?.line ?? line, {
			message:
				stray === undefined
					? `there is no key for ${address}`
					: `this key is for ${ofText(stray).replace(/^\w+ /, '')}, and there is none for ${address}`,
			expected: `crypto isakmp key ${keyPlaceholder} address ${address}`,
			// The key of another peer may be in use: it stays.
			commands: [`crypto isakmp key ${keyPlaceholder} address ${address}`],
		}),
	];
};
