import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import type { Ports } from '../../ports.ts';
import { createVpnConnection } from '../../usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../usecases/connections/delete-vpn-connection.ts';
import { muteConnection } from '../../usecases/connections/mute-connection.ts';
import { patchVpnConnection } from '../../usecases/connections/patch-vpn-connection.ts';
import { resetVpnConnection } from '../../usecases/connections/reset-vpn-connection.ts';
import { accountOf } from '../../usecases/shared/caller.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { listPage } from '../chain/list-page.ts';
import { type Answer, entity, type Operations } from '../chain/operation.ts';
import type { connectionRoutes, muteRoutes } from './routes.ts';
import { type ConnectionView, connectionView } from './views.ts';

const views = async ({ store, clock }: Ports, connections: readonly VpnConnection[]): Promise<ConnectionView[]> => {
	const [vpcs, customerGateways] = await Promise.all([
		store.getMany('vpcs', [...new Set(connections.map(({ vpcId }) => vpcId))]),
		store.getMany('customerGateways', [...new Set(connections.map(({ customerGatewayId }) => customerGatewayId))]),
	]);
	const now = clock();
	return connections.map((connection) =>
		connectionView(connection, {
			vpc: vpcs.find(({ id }) => id === connection.vpcId),
			customerGateway: customerGateways.find(({ id }) => id === connection.customerGatewayId),
			now,
		}),
	);
};

const one = async (ports: Ports, connection: VpnConnection, warnings: readonly string[] = []): Promise<Answer> => {
	const [view] = await views(ports, [connection]);
	if (view === undefined) throw new Error('a connection has one view');
	return entity(warnings.length > 0 ? { ...view, warnings: [...warnings] } : view);
};

export const connectionOperations: Operations<typeof connectionRoutes> = {
	createVpnConnection: async (ports, { caller, body }) => {
		const { connection, warnings } = await createVpnConnection(ports, { caller, input: body });
		return one(ports, connection, warnings);
	},
	listVpnConnections: (ports, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		const { state, vpcId } = query;
		return listPage({
			keys: ports.cursorKeys,
			query,
			bound: ['listVpnConnections', accountId, state, vpcId],
			read: (at) => ports.store.list('connections', { accountId, ...at }),
			keep: (item) => (state === undefined || item.state === state) && (vpcId === undefined || item.vpcId === vpcId),
			view: (items) => views(ports, items),
		});
	},
	getVpnConnection: async (ports, { caller, params }) =>
		one(ports, await loadVisible(ports.store, caller, { table: 'connections', id: params.id })),
	patchVpnConnection: async (ports, { caller, params, body, ifMatch }) => {
		const { connection, pending } = await patchVpnConnection(ports, { caller, id: params.id, patch: body, ifMatch });
		return { ...(await one(ports, connection)), status: pending ? 202 : 200 };
	},
	deleteVpnConnection: async (ports, { caller, params, query, ifMatch }) =>
		one(ports, await deleteVpnConnection(ports, { caller, id: params.id, force: query.force === 'true', ifMatch })),
	resetVpnConnection: async (ports, { caller, params, ifMatch }) =>
		one(ports, await resetVpnConnection(ports, { caller, id: params.id, ifMatch })),
};

export const muteOperations: Operations<typeof muteRoutes> = {
	muteVpnConnection: async (ports, { caller, params, body, ifMatch }) =>
		one(ports, await muteConnection(ports, { caller, id: params.id, until: body.until, ifMatch })),
	unmuteVpnConnection: async (ports, { caller, params, ifMatch }) => {
		await muteConnection(ports, { caller, id: params.id, until: undefined, ifMatch });
		return {};
	},
};
