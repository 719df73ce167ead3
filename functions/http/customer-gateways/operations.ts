import { createCustomerGateway } from '../../usecases/customer-gateways/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../usecases/customer-gateways/delete-customer-gateway.ts';
import { patchCustomerGateway } from '../../usecases/customer-gateways/patch-customer-gateway.ts';
import { planCustomerGatewayChange } from '../../usecases/customer-gateways/plan-customer-gateway-change.ts';
import { accountOf } from '../../usecases/shared/caller.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { listPage } from '../chain/list-page.ts';
import { entity, type Operations } from '../chain/operation.ts';
import type { customerGatewayRoutes } from './routes.ts';
import { CustomerGatewayView } from './views.ts';

export const customerGatewayOperations: Operations<typeof customerGatewayRoutes> = {
	createCustomerGateway: async (ports, { caller, query, body }) => {
		const generate = query.generate === 'true';
		const { customerGateway, warnings, generated } = await createCustomerGateway(ports, { caller, input: body, generate });
		const view = { ...CustomerGatewayView.parse(customerGateway), ...(warnings.length > 0 ? { warnings } : {}) };
		if (generated === undefined) return entity(view);
		return { ...entity({ ...view, pskReturned: false }), unkept: { pskReturned: true, psk: generated.reveal() } };
	},
	listCustomerGateways: ({ store, cursorKeys }, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			keys: cursorKeys,
			query,
			bound: ['listCustomerGateways', accountId],
			read: (at) => store.list('customerGateways', { accountId, ...at }),
			view: (items) => items.map((item) => CustomerGatewayView.parse(item)),
		});
	},
	getCustomerGateway: async ({ store }, { caller, params }) =>
		entity(CustomerGatewayView.parse(await loadVisible(store, caller, { table: 'customerGateways', id: params.id }))),
	patchCustomerGateway: async (ports, { caller, params, query, body, ifMatch }) => {
		const request = { caller, id: params.id, patch: body, ifMatch };
		if (query.dryRun === 'true') return { body: await planCustomerGatewayChange(ports, request) };
		const { customerGateway, warnings, pending } = await patchCustomerGateway(ports, request);
		const view = { ...CustomerGatewayView.parse(customerGateway), ...(warnings.length > 0 ? { warnings } : {}) };
		return entity(view, pending ? 202 : 200);
	},
	deleteCustomerGateway: async (ports, { caller, params, ifMatch }) => {
		await deleteCustomerGateway(ports, { caller, id: params.id, ifMatch });
		return {};
	},
};
