import { accountOf } from '../../usecases/shared/caller.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { createVpnGateway } from '../../usecases/vpn-gateways/create-vpn-gateway.ts';
import { deleteVpnGateway } from '../../usecases/vpn-gateways/delete-vpn-gateway.ts';
import { listPage } from '../chain/list-page.ts';
import { entity, type Operations } from '../chain/operation.ts';
import type { vpnGatewayRoutes } from './routes.ts';
import { VpnGatewayView } from './views.ts';

export const vpnGatewayOperations: Operations<typeof vpnGatewayRoutes> = {
	createVpnGateway: async (ports, { caller, body }) =>
		entity(VpnGatewayView.parse(await createVpnGateway(ports, { caller, input: body }))),
	listVpnGateways: ({ store, cursorKeys }, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			keys: cursorKeys,
			query,
			bound: ['listVpnGateways', accountId],
			read: (at) => store.list('vpnGateways', { accountId, ...at }),
			view: (items) => items.map((item) => VpnGatewayView.parse(item)),
		});
	},
	getVpnGateway: async ({ store }, { caller, params }) =>
		entity(VpnGatewayView.parse(await loadVisible(store, caller, { table: 'vpnGateways', id: params.id }))),
	deleteVpnGateway: async (ports, { caller, params, ifMatch }) => {
		await deleteVpnGateway(ports, { caller, id: params.id, ifMatch });
		return {};
	},
};
