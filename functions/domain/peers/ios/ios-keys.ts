import { canonicalCidr, cidrContains } from '../../model/cidr.ts';
import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import { keyPlaceholder } from '../contract/peer-view.ts';
import type { IosConfig, IosKey } from './ios-config.ts';

export const matchesKey = ({ address, mask }: IosKey, peer: string): boolean =>
	mask === '255.255.255.255' ? address === peer : mask === '0.0.0.0' || cidrContains(maskedBlock(address, mask), `${peer}/32`);
const maskedBlock = (address: string, mask: string): string => {
	const length = mask.split('.').reduce((bits, octet) => bits + Number(octet).toString(2).replaceAll('0', '').length, 0);
	return canonicalCidr(`${address}/${length}`);
};

export const keyFaults = (
	{ keys, maps }: IosConfig,
	{ address, line }: { address: string | undefined; line: number },
): Finding[] => {
	if (address === undefined || keys.some((key) => matchesKey(key, address))) return [];
	const peers = maps.flatMap(({ values }) => values.get('set peer')?.words[0] ?? []);
	const stray = keys.find((key) => !peers.some((peer) => matchesKey(key, peer)));
	return [
		finding('key-missing', stray?.line ?? line, {
			message:
				stray === undefined
					? `there is no key for ${address}`
					: `this key is for ${stray.address}, and there is none for ${address}`,
			expected: `crypto isakmp key ${keyPlaceholder} address ${address}`,
			commands: [
				...(stray === undefined ? [] : [`no crypto isakmp key ${keyPlaceholder} address ${stray.address}`]),
				`crypto isakmp key ${keyPlaceholder} address ${address}`,
			],
		}),
	];
};
