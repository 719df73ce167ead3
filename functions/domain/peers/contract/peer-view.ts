import { identityWord } from '../../model/conn-model.ts';
import type { Dpd, EspPolicy, IkePolicy } from '../../model/crypto-suite.ts';
import type { CustomerGateway } from '../../model/customer-gateway.ts';
import { tcpMss } from '../../model/mss.ts';
import type { Secret } from '../../model/secret.ts';
import type { Vpc } from '../../model/vpc.ts';
import type { VpnGateway } from '../../model/vpn-gateway.ts';

/** A connection in the view of the device at the other end: its local side is our remote one. */
export type PeerView = {
	connectionId: string;
	/** Undefined where the device has no fixed address. */
	localAddress: string | undefined;
	localId: string;
	localSubnets: string[];
	remoteAddress: string;
	remoteSubnet: string;
	ike: IkePolicy;
	esp: EspPolicy;
	dpd: Dpd;
	forceEncaps: boolean;
	/** The TCP segment that fits the suite. */
	mss: number;
	/** What stands in the place of the key unless the caller gave one for this rendering. */
	psk: Secret | undefined;
};

export const keyPlaceholder = 'PRE-SHARED-KEY';

/** The key in words for whoever sent it, or what stands in its place. */
export const keyText = ({ psk }: Pick<PeerView, 'psk'>): string => psk?.reveal() ?? keyPlaceholder;

/** What is said where the text has the caller's key: a remark in the words of the device. */
export const keyRemark = ({ psk }: Pick<PeerView, 'psk'>, mark: string): string[] =>
	psk === undefined
		? []
		: [
				`${mark}The key is the one that was sent for this text. Whether it is the key in use cannot be told: nothing in the control plane may read keys.`,
			];

type Ends = { vpc: Pick<Vpc, 'cidr' | 'publicIps'>; gateway: Pick<VpnGateway, 'publicIp'>; psk?: Secret };

export const peerView = (connectionId: string, customerGateway: CustomerGateway, { vpc, gateway, psk }: Ends): PeerView => {
	const { gateway: address, remoteId, remoteCidrs, ike, esp, dpd, forceEncaps } = customerGateway;
	const behindNat = vpc.publicIps.some(({ ip, privateIp }) => ip === gateway.publicIp && privateIp !== undefined);
	return {
		connectionId,
		localAddress: address === 'any' ? undefined : address,
		localId: identityWord(remoteId ?? address),
		localSubnets: remoteCidrs,
		remoteAddress: gateway.publicIp,
		remoteSubnet: vpc.cidr,
		ike,
		esp,
		dpd,
		forceEncaps,
		mss: tcpMss(esp, forceEncaps || behindNat),
		psk,
	};
};
