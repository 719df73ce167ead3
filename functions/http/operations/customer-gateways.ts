import { accountOf } from '../../usecases/caller.ts';
import { createCustomerGateway } from '../../usecases/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../usecases/delete-customer-gateway.ts';
import { found } from '../../usecases/found.ts';
import { listPage } from '../list-page.ts';
import { entity, type Operations } from '../operation.ts';
import { CustomerGatewayView } from '../views.ts';

type Ids = 'createCustomerGateway' | 'listCustomerGateways' | 'getCustomerGateway' | 'deleteCustomerGateway';

export const customerGatewayOperations: Operations<Ids> = {
	createCustomerGateway: async (ports, { caller, body }) => {
		const { customerGateway, warnings } = await createCustomerGateway(ports, { caller, input: body });
		return entity({ ...CustomerGatewayView.parse(customerGateway), ...(warnings.length > 0 ? { warnings } : {}) });
	},
	listCustomerGateways: ({ store }, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			query,
			bound: ['listCustomerGateways', accountId],
			read: (at) => store.list('customerGateways', { accountId, ...at }),
			view: (items) => items.map((item) => CustomerGatewayView.parse(item)),
		});
	},
	getCustomerGateway: async ({ store }, { caller, params }) =>
		entity(CustomerGatewayView.parse(await found(store, caller, { table: 'customerGateways', id: params.id }))),
	deleteCustomerGateway: async (ports, { caller, params, ifMatch }) => {
		await deleteCustomerGateway(ports, { caller, id: params.id, ifMatch });
		return {};
	},
};
