import { NamedDevice } from '../../domain/peers/contract/peer-device.ts';
import { checkPeerConfig } from '../../usecases/connections/check-peer-config.ts';
import { renderPeerConfig } from '../../usecases/connections/render-peer-config.ts';
import type { Operations } from '../chain/operation.ts';
import type { peerConfigRoutes } from './routes.ts';

export const peerConfigOperations: Operations<typeof peerConfigRoutes> = {
	getPeerConfig: async (ports, { caller, params, query }) => ({
		body: await renderPeerConfig(ports, { caller, id: params.id, named: NamedDevice.parse(query) }),
	}),
	renderPeerConfig: async (ports, { caller, params, body }) => {
		const { psk, ...named } = body;
		return { body: await renderPeerConfig(ports, { caller, id: params.id, named, psk }) };
	},
	checkPeerConfig: async (ports, { caller, params, body }) => ({
		body: await checkPeerConfig(ports, { caller, id: params.id, ...body }),
	}),
};
