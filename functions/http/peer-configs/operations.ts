import { DeviceNames } from '../../domain/peers/contract/peer-device.ts';
import { checkPeerConfig } from '../../usecases/connections/check-peer-config.ts';
import { renderPeerConfig } from '../../usecases/connections/render-peer-config.ts';
import type { Operations } from '../chain/operation.ts';
import type { peerConfigRoutes } from './routes.ts';

export const peerConfigOperations: Operations<typeof peerConfigRoutes> = {
	getPeerConfig: async (ports, { caller, params, query }) => ({
		body: await renderPeerConfig(ports, { caller, id: params.id, device: query.device, names: DeviceNames.parse({}) }),
	}),
	renderPeerConfig: async (ports, { caller, params, body }) => {
		const { device, psk, ...names } = body;
		return { body: await renderPeerConfig(ports, { caller, id: params.id, device, names, psk }) };
	},
	checkPeerConfig: async (ports, { caller, params, body }) => ({
		body: await checkPeerConfig(ports, { caller, id: params.id, ...body }),
	}),
};
