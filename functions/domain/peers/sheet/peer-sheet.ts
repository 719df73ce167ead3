import { identityWord } from '../../model/conn-model.ts';
import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import type { CustomerGateway } from '../../model/customer-gateway.ts';

export type PeerSetting = { setting: string; value: string };

const encryptionName: Record<Encryption, string> = {
	aes128: 'AES-128-CBC',
	aes192: 'AES-192-CBC',
	aes256: 'AES-256-CBC',
	'3des': '3DES-CBC',
};
const hashName: Record<Hash, string> = {
	md5: 'HMAC-MD5',
	sha1: 'HMAC-SHA1',
	sha256: 'HMAC-SHA2-256',
	sha384: 'HMAC-SHA2-384',
	sha512: 'HMAC-SHA2-512',
};

/** What has to stand on the other device, in its own view: its local side is our remote one. The key is shown by its version alone. */
export const peerSheet = (
	{ gateway, remoteId, remoteCidrs, ike, esp, dpd, forceEncaps, pskVersion }: CustomerGateway,
	local: { vpcCidr: string; publicIp: string },
): PeerSetting[] => [
	{ setting: 'IKE version', value: ike.version === 'ikev1' ? 'IKEv1, main mode' : 'IKEv2' },
	{ setting: 'Local address', value: gateway === 'any' ? 'any' : gateway },
	{ setting: 'Local identity', value: identityWord(remoteId ?? gateway) },
	{ setting: 'Remote address', value: local.publicIp },
	{ setting: 'Remote identity', value: local.publicIp },
	{ setting: 'Pre-shared key', value: `******** (version ${pskVersion})` },
	{ setting: 'Phase 1 encryption', value: encryptionName[ike.encryption] },
	{ setting: 'Phase 1 hash', value: hashName[ike.hash] },
	{ setting: 'Phase 1 Diffie-Hellman group', value: String(ike.dhGroup) },
	{ setting: 'Phase 1 lifetime', value: `${ike.lifetimeSeconds} s` },
	{ setting: 'Phase 2 encryption', value: encryptionName[esp.encryption] },
	{ setting: 'Phase 2 hash', value: hashName[esp.hash] },
	{ setting: 'Perfect forward secrecy', value: esp.pfsGroup === null ? 'off' : `group ${esp.pfsGroup}` },
	{ setting: 'Phase 2 lifetime', value: `${esp.lifetimeSeconds} s` },
	{
		setting: 'Dead-peer detection',
		value: dpd.enabled ? `every ${dpd.delaySeconds} s, dead after ${dpd.timeoutSeconds} s` : 'off',
	},
	{ setting: 'UDP encapsulation', value: forceEncaps ? 'always' : 'where a NAT is found' },
	...remoteCidrs.map((cidr) => ({ setting: `Tunnel of ${cidr}`, value: `${cidr} to ${local.vpcCidr}` })),
];
