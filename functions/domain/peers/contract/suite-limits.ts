import type { Hash } from '../../model/crypto-suite.ts';
import type { Inability } from './peer-device.ts';
import type { PeerView } from './peer-view.ts';

export type SuiteLimits = { ikeHashes: readonly Hash[]; espHashes: readonly Hash[]; groups: readonly number[] };

const listed = (words: readonly (string | number)[]): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const hashLimit = (phase: 'ike' | 'esp', hash: Hash, able: readonly Hash[]): Inability[] =>
	able.includes(hash)
		? []
		: [
				{
					pointer: `/${phase}/hash`,
					detail: `it has no ${hash}; it can do ${listed(able)} in phase ${phase === 'ike' ? 1 : 2}: change ${phase}.hash of the customer gateway`,
				},
			];

const groupLimit = (field: 'ike.dhGroup' | 'esp.pfsGroup', group: number | null, able: readonly number[]): Inability[] =>
	group === null || able.includes(group)
		? []
		: [
				{
					pointer: `/${field.replace('.', '/')}`,
					detail: `it has no group ${group}; it can do groups ${listed(able)}: change ${field} of the customer gateway`,
				},
			];

/** What of a connection's suite a device lacks. */
export const suiteLimits = ({ ike, esp }: PeerView, { ikeHashes, espHashes, groups }: SuiteLimits): Inability[] => [
	...hashLimit('ike', ike.hash, ikeHashes),
	...hashLimit('esp', esp.hash, espHashes),
	...groupLimit('ike.dhGroup', ike.dhGroup, groups),
	...groupLimit('esp.pfsGroup', esp.pfsGroup, groups),
];

/** IKEv1 main mode, which finds the key by the peer's address. */
export const mainModeLimits = ({ ike, localAddress }: PeerView, why: string): Inability[] => [
	...(localAddress === undefined
		? [
				{
					pointer: '/gateway',
					detail:
						'it has to have a fixed address, since main mode finds the key by it: change gateway of the customer gateway, or take strongSwan or Libreswan',
				},
			]
		: []),
	...(ike.version === 'ikev2'
		? [
				{
					pointer: '/ike/version',
					detail: `${why}: change ike.version of the customer gateway to ikev1, or take strongSwan or Libreswan`,
				},
			]
		: []),
];
