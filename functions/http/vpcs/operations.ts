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
import { VpcView } from './views.ts';

export const vpcOperations: Operations<typeof vpcRoutes> = {
	createVpc: async (ports, { body }) => entity(VpcView.parse(await createVpc(ports, body))),
	listVpcs: ({ store }, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			query,
			bound: ['listVpcs', accountId],
			read: (at) => store.list('vpcs', { accountId, ...at }),
			view: (items) => items.map((item) => VpcView.parse(item)),
		});
	},
	getVpc: async ({ store }, { caller, params }) =>
		entity(VpcView.parse(await loadVisible(store, caller, { table: 'vpcs', id: params.id }))),
	patchVpc: async (ports, { caller, params, body, ifMatch }) => {
		const { vpc, pending } = await patchVpc(ports, { caller, id: params.id, patch: body, ifMatch });
		return entity(VpcView.parse(vpc), pending ? 202 : 200);
	},
	deleteVpc: async (ports, { caller, params, query, ifMatch }) => {
		await deleteVpc(ports, { caller, id: params.id, force: query.force === 'true', ifMatch });
		return {};
	},
	reapplyVpc: async (ports, { caller, params, query }) =>
		entity(VpcView.parse(await reapplyVpc(ports, { caller, id: params.id, force: query.force === 'true' }))),
	putNetwork: async (ports, { caller, params, body }) =>
		entity(VpcView.parse(await putNetwork(ports, { caller, id: params.id, networkId: params.networkId, network: body }))),
	deleteNetwork: async (ports, { caller, params }) => {
		await deleteNetwork(ports, { caller, id: params.id, networkId: params.networkId });
		return {};
	},
};
