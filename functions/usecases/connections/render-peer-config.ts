import type { Secret } from '../../domain/model/secret.ts';
import type { Device, DeviceConfig, NamedDevice } from '../../domain/peers/contract/peer-device.ts';
import { peerConfig } from '../../domain/peers/peer-config.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { connectionEnds } from './connection-ends.ts';

type Request = { caller: Caller; id: string; named: NamedDevice; psk?: Secret };

/**
 * The text has the key only if the caller gave it for this one rendering: the service itself cannot read it. What the device cannot do
 * is refused, by the field of the customer gateway or of the request that asks for it.
 */
export const renderPeerConfig = async (
	ports: Ports,
	{ caller, id, named, psk }: Request,
): Promise<DeviceConfig & { device: Device }> => {
	const { view, customerGateway } = await connectionEnds(ports, { caller, id, psk });
	const rendered = peerConfig(named, view, {
		customerGateway,
		toBase64: (text) => Buffer.from(text, 'utf8').toString('base64'),
	});
	const { device } = named;
	if ('unable' in rendered)
		throw new ProblemError('unsupported-by-device', `${device} cannot have this connection: ${rendered.unable}`, rendered.fields);
	return { device, ...rendered };
};
