import { finding } from '../contract/peer-finding.ts';
import type { Finding, NotCompared } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import type { IosConfig, IosInterface, IosMapEntry } from './ios-config.ts';
import { addressesOf, appliedAt } from './ios-interface.ts';

/** The interfaces whose address the device gives as its own. */
const sources = (config: IosConfig, { name }: IosMapEntry): IosInterface[] => {
	const local = config.settings.get(`crypto map ${name} local-address`)?.words[0];
	return local === undefined ? appliedAt(config, name) : config.interfaces.filter((one) => one.name === local);
};

const ownName = ({ settings }: IosConfig): string | undefined => {
	const [host] = settings.get('hostname')?.words ?? [];
	const [domain] = (settings.get('ip domain name') ?? settings.get('ip domain-name'))?.words ?? [];
	return host === undefined || domain === undefined ? undefined : `${host}.${domain}`;
};

const kindOf = ({ settings }: IosConfig): string => settings.get('crypto isakmp identity')?.words[0]?.toLowerCase() ?? 'address';
const isAddress = (identity: string): boolean => !identity.includes('@');

/** Whether a profile of the entry says who the device is. */
const byProfile = ({ values }: IosMapEntry): boolean => values.has('set isakmp-profile') || values.has('set ikev2-profile');

/** The identity that the device presents, against the one that is expected of it. */
export const identityFaults = (config: IosConfig, entry: IosMapEntry, { localId }: PeerView): Finding[] => {
	if (byProfile(entry)) return [];
	const kind = kindOf(config);
	const wanted = localId.replace(/^@/, '');
	const line = config.settings.get('crypto isakmp identity')?.line ?? entry.line;
	if (kind.startsWith('a')) return addressFaults(config, entry, { localId, line });
	const name = ownName(config);
	if (!isAddress(localId) && kind.startsWith('h') && (name === undefined || name.toLowerCase() === wanted.toLowerCase()))
		return [];
	return [
		finding('identity', line, {
			message: `the device presents ${kind.startsWith('h') ? `its name${name === undefined ? '' : `, ${name}`}` : 'a distinguished name'}, and ${wanted} is expected of it`,
			expected: isAddress(localId)
				? 'crypto isakmp identity address'
				: `the identity ${wanted}, or another remoteId of the customer gateway`,
			commands: isAddress(localId) ? ['crypto isakmp identity address'] : [],
		}),
	];
};

const addressFaults = (
	config: IosConfig,
	entry: IosMapEntry,
	{ localId, line }: { localId: string; line: number },
): Finding[] => {
	const wanted = localId.replace(/^@/, '');
	const known = sources(config, entry).map((one) => ({ one, addresses: addressesOf(one) }));
	const [first] = known;
	const [address] = first?.addresses ?? [];
	if (isAddress(localId) && (address === undefined || known.some(({ addresses }) => addresses.includes(localId)))) return [];
	return [
		finding('identity', isAddress(localId) ? (first?.one.values.get('ip address')?.line ?? line) : line, {
			message: `the device presents its address${address === undefined ? '' : `, ${address}`}, and the identity ${wanted} is expected of it`,
			expected: `the identity ${wanted}, or its address as remoteId of the customer gateway`,
			// Another identity would be another one for all peers of the device.
			commands: [],
		}),
	];
};

export const identityNotCompared = (config: IosConfig, entry: IosMapEntry): NotCompared[] => {
	const setting = config.settings.get('crypto isakmp identity');
	const profile = entry.values.get('set isakmp-profile') ?? entry.values.get('set ikev2-profile');
	if (profile !== undefined)
		return [
			{
				what: 'identity',
				line: profile.line,
				message: `profile ${profile.words[0]} says who the device is, and is not read here`,
			},
		];
	return setting !== undefined && kindOf(config).startsWith('h') && ownName(config) === undefined
		? [
				{
					what: 'identity',
					line: setting.line,
					message: 'the text does not say the host name and the domain that the device presents',
				},
			]
		: [];
};
