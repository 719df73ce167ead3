import { readFileSync } from 'node:fs';
import { CreateCustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { Secret } from '../../../functions/domain/model/secret.ts';
import type { Device } from '../../../functions/domain/peers/contract/peer-device.ts';
import type { PeerCheck } from '../../../functions/domain/peers/contract/peer-reading.ts';
import { type PeerView, peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { peerCheck, readers } from '../../../functions/domain/peers/peer-check.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';

export type Expected =
	| { fits: true }
	| {
			/** `*` is one finding, whatever it is called. */
			findings: string[];
			lines?: Record<string, number | number[]>;
			commands?: string[];
			absentCommands?: string[];
			says?: string;
			not?: string[];
	  };
type Connection = { gatewayIp: string; vpcCidr: string; customerGateway: Record<string, unknown> };
export type Case = {
	name: string;
	device: Device;
	connection: Connection;
	/** Any of several answers may be right. */
	expect: Expected | Expected[];
	why: string;
};

const folder = new URL('./texts/', import.meta.url);
export const cases: Case[] = JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8'));
export const textOf = ({ name }: Case): string => readFileSync(new URL(`${name}.txt`, folder), 'utf8');

/** The branch that all these are texts of. */
export const branch: Connection = {
	gatewayIp: '203.0.113.1',
	vpcCidr: '10.1.0.0/16',
	customerGateway: {
		gateway: '198.51.100.2',
		remoteCidrs: ['10.2.0.0/24'],
		ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 2 },
		esp: { encryption: 'aes128', hash: 'sha1' },
	},
};

export const viewOf = ({ gatewayIp, vpcCidr, customerGateway }: Connection, psk?: string): PeerView => {
	const { gateway, remoteId, remoteCidrs, ike, esp, forceEncaps } = CreateCustomerGateway.parse({
		...customerGateway,
		psk: 'not in the text',
	});
	const made = aCustomerGateway({
		gateway,
		remoteCidrs,
		ike,
		esp,
		...(remoteId === undefined ? {} : { remoteId }),
		...(forceEncaps === undefined ? {} : { forceEncaps }),
	});
	return peerView(idOf('vpnc', 1), made, {
		vpc: aVpc({ cidr: vpcCidr }),
		gateway: aGateway({ publicIp: gatewayIp }),
		...(psk === undefined ? {} : { psk: new Secret(psk) }),
	});
};

export const check = (device: Device, text: string, view: PeerView): PeerCheck => {
	const reader = readers[device];
	if (reader === undefined) throw new Error(`no reader for ${device}`);
	return peerCheck(reader(text), view);
};

export const told = ({ findings, notCompared }: PeerCheck): string[] => [
	...findings.flatMap(({ message, expected, commands }) => [message, expected, ...commands]),
	...notCompared.map(({ message }) => message),
];
