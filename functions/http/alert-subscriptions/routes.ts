import * as z from 'zod';
import { ConfirmAlertSubscription, CreateAlertSubscription } from '../../domain/model/alert-subscription.ts';
import { AccountId, AlertSubscriptionId } from '../../domain/model/ids.ts';
import { ListQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { AlertSubscriptionView } from './views.ts';

const AccountQuery = z.strictObject({ accountId: AccountId.optional() });
const subscriptionId = z.object({ id: AlertSubscriptionId });
const subscriptions = { handler: 'api-alert-subscriptions', who: 'owner' } as const;

export const alertSubscriptionRoutes = [
	{
		id: 'createAlertSubscription',
		method: 'POST',
		path: '/v1/alert-subscriptions',
		...subscriptions,
		summary:
			'Subscribes an e-mail address or phone number to the alerts of an account; both must be confirmed, a phone number by the code sent to it',
		status: 202,
		touches: {
			tables: {
				accounts: ['GetItem'],
				alertSubscriptions: ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'DeleteItem'],
				control: ['UpdateItem'],
			},
			topics: ['CreateTopic', 'Subscribe', 'ListSubscriptionsByTopic', 'PublishToPhone'],
		},
		body: CreateAlertSubscription,
		reply: AlertSubscriptionView,
	},
	{
		id: 'confirmAlertSubscription',
		method: 'POST',
		path: '/v1/alert-subscriptions/{id}/confirm',
		...subscriptions,
		summary: 'Confirms a phone number by the code that was sent to it',
		status: 200,
		touches: {
			tables: { alertSubscriptions: ['GetItem', 'PutItem'], control: ['UpdateItem'] },
			// A number that was deleted meanwhile is unsubscribed again, by the right that the deletion has in the same function.
			topics: ['CreateTopic', 'Subscribe', 'ListSubscriptionsByTopic'],
		},
		params: subscriptionId,
		body: ConfirmAlertSubscription,
		reply: AlertSubscriptionView,
	},
	{
		id: 'listAlertSubscriptions',
		method: 'GET',
		path: '/v1/alert-subscriptions',
		...subscriptions,
		summary: 'Lists the alert subscriptions of an account',
		status: 200,
		touches: {
			cursors: true,
			tables: { alertSubscriptions: ['Query'], control: ['UpdateItem'] },
			topics: ['CreateTopic', 'ListSubscriptionsByTopic'],
		},
		query: ListQuery,
		reply: page(AlertSubscriptionView),
	},
	{
		id: 'deleteAlertSubscription',
		method: 'DELETE',
		path: '/v1/alert-subscriptions/{id}',
		...subscriptions,
		summary: 'Deletes an alert subscription',
		status: 204,
		versionless: true,
		touches: {
			tables: { alertSubscriptions: ['GetItem', 'PutItem', 'DeleteItem', 'UpdateItem'] },
			topics: ['CreateTopic', 'ListSubscriptionsByTopic', 'Unsubscribe'],
		},
		params: subscriptionId,
		query: AccountQuery,
	},
] as const satisfies readonly Route[];
