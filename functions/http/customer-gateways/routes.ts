import * as z from 'zod';
import { ChangePlan } from '../../domain/model/change-plan.ts';
import { CreateCustomerGateway, PatchCustomerGateway } from '../../domain/model/customer-gateway.ts';
import { CustomerGatewayId } from '../../domain/model/ids.ts';
import { ListQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { routeReads } from '../chain/touches.ts';
import { CustomerGatewayView, KeyedCustomerGatewayView } from './views.ts';

const GenerateQuery = z.strictObject({ generate: z.enum(['true', 'false']).optional() });
const PatchQuery = GenerateQuery.extend({ dryRun: z.enum(['true', 'false']).optional() });
const customerGatewayId = z.object({ id: CustomerGatewayId });
const customerGateways = { handler: 'api-customer-gateways', who: 'owner' } as const;

export const customerGatewayRoutes = [
	{
		id: 'createCustomerGateway',
		method: 'POST',
		shownBy: 'getCustomerGateway',
		repeated: { pskReturned: false },
		path: '/v1/vpn-customer-gateways',
		...customerGateways,
		summary:
			'Creates a customer gateway, which describes the other end of a tunnel; with generate, makes its pre-shared key and shows it this once',
		status: 201,
		touches: {
			tables: {
				customerGateways: ['GetItem', 'PutItem', 'UpdateItem'],
				accounts: ['GetItem', 'ConditionCheckItem'],
				control: ['PutItem', 'DeleteItem'],
			},
			secrets: ['PutParameter', 'DeleteParameter'],
		},
		query: GenerateQuery,
		body: CreateCustomerGateway,
		reply: KeyedCustomerGatewayView,
	},
	{
		id: 'listCustomerGateways',
		method: 'GET',
		path: '/v1/vpn-customer-gateways',
		...customerGateways,
		summary: 'Lists the customer gateways of an account',
		status: 200,
		touches: { cursors: true, indexes: { customerGateways: ['byAccount'] } },
		query: ListQuery,
		reply: page(CustomerGatewayView),
	},
	{
		id: 'getCustomerGateway',
		method: 'GET',
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary: 'Shows a customer gateway',
		status: 200,
		touches: { tables: { customerGateways: ['GetItem'] } },
		params: customerGatewayId,
		reply: CustomerGatewayView,
	},
	{
		id: 'patchCustomerGateway',
		method: 'PATCH',
		keyed: true,
		shownBy: 'getCustomerGateway',
		repeated: { pskReturned: false },
		showsPending: (shown) => 'connectionId' in shown,
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary:
			'Changes a customer gateway; 202 if the router has to be updated. With generate, makes a new pre-shared key and shows it this once. With dryRun, shows what would change and writes nothing',
		status: 200,
		mayPend: true,
		touches: {
			tables: {
				customerGateways: ['GetItem', 'PutItem', 'DeleteItem'],
				connections: ['GetItem', 'PutItem'],
				vpcs: ['GetItem', 'PutItem'],
				vpnGateways: ['GetItem'],
				accounts: ['GetItem', 'ConditionCheckItem'],
				events: ['PutItem'],
				control: ['PutItem', 'DeleteItem'],
			},
			queues: ['reconcile'],
			secrets: ['PutParameter'],
			routes: routeReads,
		},
		params: customerGatewayId,
		query: PatchQuery,
		body: PatchCustomerGateway,
		reply: z.union([KeyedCustomerGatewayView, ChangePlan]),
	},
	{
		id: 'deleteCustomerGateway',
		method: 'DELETE',
		path: '/v1/vpn-customer-gateways/{id}',
		...customerGateways,
		summary: 'Deletes a customer gateway that no connection uses, and its pre-shared key',
		status: 204,
		touches: {
			tables: {
				customerGateways: ['GetItem', 'DeleteItem', 'UpdateItem'],
				connections: ['GetItem'],
				control: ['PutItem', 'DeleteItem'],
			},
			secrets: ['DeleteParameter'],
		},
		params: customerGatewayId,
	},
] as const satisfies readonly Route[];
