import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { DeviceConfig, NamedDevice, Unable } from './contract/peer-device.ts';
import type { PeerView } from './contract/peer-view.ts';
import { iosConfig } from './ios/peer-config-ios.ts';
import { junosConfig } from './junos/peer-config-junos.ts';
import { genericConfig } from './sheet/peer-config-generic.ts';
import { plutoConfig } from './swan/peer-config-pluto.ts';
import { strongswanIpsecConfig } from './swan/peer-config-strongswan-ipsec.ts';
import { swanctlConfig } from './swan/peer-config-swanctl.ts';

type Rendering = { customerGateway: CustomerGateway; toBase64: (text: string) => string };

/** The other end's configuration for a kind of device: nothing in it is left to edit but the key, unless that is given. */
export const peerConfig = (
	named: NamedDevice,
	view: PeerView,
	{ customerGateway, toBase64 }: Rendering,
): DeviceConfig | Unable => {
	switch (named.device) {
		case 'junos-9.5':
		case 'junos-11.2':
			return junosConfig(view, named);
		case 'ios-12.4':
			return iosConfig(view, named);
		case 'strongswan-swanctl':
			return swanctlConfig(view, named, toBase64);
		case 'strongswan-ipsec':
			return strongswanIpsecConfig(view, named, toBase64);
		case 'libreswan':
		case 'openswan':
			return plutoConfig(view, named, { family: named.device, toBase64 });
		case 'generic':
			return genericConfig(view, customerGateway);
	}
};
