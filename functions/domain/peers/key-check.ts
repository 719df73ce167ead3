import { Secret } from '../model/secret.ts';
import { finding } from './contract/peer-finding.ts';
import type { DeviceKey, DeviceTunnel, Finding, PeerCheck } from './contract/peer-reading.ts';
import { keyPlaceholder, type PeerView } from './contract/peer-view.ts';

/** The key of the text against the one that was sent; neither is ever shown. */
export const keyCheck = (tunnel: DeviceTunnel, { psk, remoteAddress }: PeerView): PeerCheck => {
	const { peers, line, keyFor } = tunnel;
	const key = keyFor(peers.includes(remoteAddress) ? remoteAddress : (peers[0] ?? remoteAddress));
	const open = (message: string): PeerCheck => ({
		findings: [],
		notCompared: [{ what: 'pre-shared-key', line: key?.line ?? line, message }],
	});
	if (psk === undefined) return open('no psk was sent, so the key of the text was held against nothing');
	if (key?.key === undefined)
		return open(key === undefined ? 'the text has no key that is read here' : 'the key is masked or encrypted in the text');
	if (key.key.equals(placeholder)) return { findings: [notFilledIn(key)], notCompared: [] };
	return key.key.equals(psk) ? { findings: [], notCompared: [] } : { findings: [otherKey(key)], notCompared: [] };
};

const placeholder = new Secret(keyPlaceholder);
const notFilledIn = ({ line }: DeviceKey): Finding =>
	finding('key-missing', line, {
		message: `the placeholder ${keyPlaceholder} was never filled in`,
		expected: `the psk that was sent, in the place of ${keyPlaceholder}`,
		commands: [],
	});

const otherKey = ({ line, replace }: DeviceKey): Finding =>
	finding('key-differs', line, {
		message: 'the key is another than the psk that was sent',
		expected: `the psk that was sent, in the place of ${keyPlaceholder}`,
		commands: replace,
	});
