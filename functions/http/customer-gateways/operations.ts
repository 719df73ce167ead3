import type { Secret } from '../../domain/model/secret.ts';
import { createCustomerGateway } from '../../usecases/customer-gateways/create-customer-gateway.ts';
import { deleteCustomerGateway } from '../../usecases/customer-gateways/delete-customer-gateway.ts';
import { patchCustomerGateway } from '../../usecases/customer-gateways/patch-customer-gateway.ts';
import { planCustomerGatewayChange } from '../../usecases/customer-gateways/plan-customer-gateway-change.ts';
import { accountOf } from '../../usecases/shared/caller.ts';
import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { listPage } from '../chain/list-page.ts';
import { type Answer, entity, type Operations } from '../chain/operation.ts';
import type { customerGatewayRoutes } from './routes.ts';
import { CustomerGatewayView } from './views.ts';

/** A key that was made for the request is in its first answer, and in nothing that is kept of it. */
const withKey = (view: { version: number }, generated: Secret | undefined, status?: number): Answer =>
	generated === undefined
		? entity(view, status)
		: { ...entity({ ...view, pskReturned: false }, status), unkept: { pskReturned: true, psk: generated.reveal() } };

export const customerGatewayOperations: Operations<typeof customerGatewayRoutes> = {
	createCustomerGateway: async (ports, { caller, query, body }) => {
		const generate = query.generate === 'true';
		const { customerGateway, warnings, generated } = await createCustomerGateway(ports, { caller, input: body, generate });
		const view = { ...CustomerGatewayView.parse(customerGateway), ...(warnings.length > 0 ? { warnings } : {}) };
		return withKey(view, generated);
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
		const request = { caller, id: params.id, patch: body, generate: query.generate === 'true', ifMatch };
		if (query.dryRun === 'true') return { body: await planCustomerGatewayChange(ports, request) };
		const { customerGateway, warnings, pending, generated } = await patchCustomerGateway(ports, request);
		const view = { ...CustomerGatewayView.parse(customerGateway), ...(warnings.length > 0 ? { warnings } : {}) };
		return withKey(view, generated, pending ? 202 : 200);
	},
	deleteCustomerGateway: async (ports, { caller, params, ifMatch }) => {
		await deleteCustomerGateway(ports, { caller, id: params.id, ifMatch });
		return {};
	},
};
