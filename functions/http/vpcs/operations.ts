import { accountOf } from '../../usecases/shared/caller.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { createVpc } from '../../usecases/vpcs/create-vpc.ts';
import { deleteNetwork } from '../../usecases/vpcs/delete-network.ts';
import { deleteVpc } from '../../usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../usecases/vpcs/patch-vpc.ts';
import { putNetwork } from '../../usecases/vpcs/put-network.ts';
import { reapplyVpc } from '../../usecases/vpcs/reapply-vpc.ts';
import { listPage } from '../chain/list-page.ts';
import { entity, type Operations } from '../chain/operation.ts';
import type { vpcRoutes } from './routes.ts';
import { vpcView } from './views.ts';

export const vpcOperations: Operations<typeof vpcRoutes> = {
	createVpc: async (ports, { body }) => entity(vpcView(await createVpc(ports, body))),
	listVpcs: ({ store, cursorKeys }, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			keys: cursorKeys,
			query,
			bound: ['listVpcs', accountId],
			read: (at) => store.list('vpcs', { accountId, ...at }),
			view: (items) => items.map((item) => vpcView(item)),
		});
	},
	getVpc: async ({ store }, { caller, params }) =>
		entity(vpcView(await loadVisible(store, caller, { table: 'vpcs', id: params.id }))),
	patchVpc: async (ports, { caller, params, body, ifMatch }) => {
		const { vpc, pending } = await patchVpc(ports, { caller, id: params.id, patch: body, ifMatch });
		return entity(vpcView(vpc), pending ? 202 : 200);
	},
	deleteVpc: async (ports, { caller, params, query, ifMatch }) => {
		await deleteVpc(ports, { caller, id: params.id, force: query.force === 'true', ifMatch });
		return {};
	},
	reapplyVpc: async (ports, { caller, params, query }) =>
		entity(vpcView(await reapplyVpc(ports, { caller, id: params.id, force: query.force === 'true' }))),
	putNetwork: async (ports, { caller, params, body, ifMatch }) =>
		entity(vpcView(await putNetwork(ports, { caller, id: params.id, networkId: params.networkId, network: body, ifMatch }))),
	deleteNetwork: async (ports, { caller, params, ifMatch }) => {
		await deleteNetwork(ports, { caller, id: params.id, networkId: params.networkId, ifMatch });
		return {};
	},
};
