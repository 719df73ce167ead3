import type { CustomerGateway } from '../../model/customer-gateway.ts';
import type { DeviceConfig } from '../contract/peer-device.ts';
import { keyRemark, keyText, type PeerView } from '../contract/peer-view.ts';
import { peerSheet } from './peer-sheet.ts';

/** Whatever a key consists of, a cell of a table would read some of it as its own: a block of code shows it as it is. */
const keyCell = (view: PeerView): string =>
	view.psk === undefined ? keyText(view) : 'all that stands behind the four blanks below';
const keyBlock = (view: PeerView): string[] =>
	view.psk === undefined ? [] : ['', 'Pre-shared key:', '', `    ${keyText(view)}`];

/** A plain sheet, in Markdown, for any device. */
export const genericConfig = (view: PeerView, customerGateway: CustomerGateway): DeviceConfig => {
	const rows = peerSheet(customerGateway, { vpcCidr: view.remoteSubnet, publicIp: view.remoteAddress });
	const config = [
		`# VPN connection ${view.connectionId}`,
		'',
		'| setting | value |',
		'| --- | --- |',
		...rows.map(({ setting, value }) => `| ${setting} | ${setting === 'Pre-shared key' ? keyCell(view) : value} |`),
		`| Largest TCP segment (MSS) | ${view.mss} |`,
		'',
		'IKE main mode, ESP in tunnel mode, policy-based: one pair of security associations a subnet. Let in UDP 500, UDP 4500 and ESP of',
		`${view.remoteAddress}, and translate nothing that goes to ${view.remoteSubnet}.`,
		...keyBlock(view),
		...keyRemark(view, '\n'),
	];
	const verify = [
		`Phase 1 with ${view.remoteAddress} is established, and one phase 2 for each of ${view.localSubnets.join(', ')}.`,
		`A host behind the device reaches one in ${view.remoteSubnet}, and the byte counters of both directions grow.`,
	];
	const remove = ['Take away the tunnels, their policies, the key and the exemption from translation.'];
	return { config: `${config.join('\n')}\n`, verify: `${verify.join('\n')}\n`, remove: `${remove.join('\n')}\n` };
};
