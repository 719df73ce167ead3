import { peerConfig } from '../domain/peer-config.ts';
import type { Device, DeviceConfig, DeviceNames } from '../domain/peer-device.ts';
import { peerView } from '../domain/peer-view.ts';
import type { Ports } from '../ports.ts';
import type { Caller } from './caller.ts';
import { found } from './found.ts';
import { ProblemError } from './problem-error.ts';

type Request = { caller: Caller; id: string; device: Device; names: DeviceNames; psk?: string };

/** The key is in the text only where the caller gave it, for this one rendering; the service itself cannot read it. */
export const renderPeerConfig = async (
	{ store }: Ports,
	{ caller, id, device, names, psk }: Request,
): Promise<DeviceConfig & { device: Device }> => {
	const connection = await found(store, caller, { table: 'connections', id });
	const [customerGateway, gateway, vpc] = await Promise.all([
		found(store, caller, { table: 'customerGateways', id: connection.customerGatewayId }),
		found(store, caller, { table: 'vpnGateways', id: connection.vpnGatewayId }),
		found(store, caller, { table: 'vpcs', id: connection.vpcId }),
	]);
	const view = peerView(id, customerGateway, { vpc, gateway, psk });
	const rendered = peerConfig(device, view, {
		names,
		customerGateway,
		toBase64: (text) => Buffer.from(text, 'utf8').toString('base64'),
	});
	if ('unable' in rendered)
		throw new ProblemError('unsupported-by-device', `${device} cannot do this connection: ${rendered.unable}`);
	return { device, ...rendered };
};
