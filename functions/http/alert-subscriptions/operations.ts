import { confirmAlertSubscription } from '../../usecases/alert-subscriptions/confirm-alert-subscription.ts';
import { createAlertSubscription } from '../../usecases/alert-subscriptions/create-alert-subscription.ts';
import { deleteAlertSubscription } from '../../usecases/alert-subscriptions/delete-alert-subscription.ts';
import { shown, spendList, withStatus } from '../../usecases/alert-subscriptions/list-alert-subscriptions.ts';
import { accountOf } from '../../usecases/shared/caller.ts';
import { listPage } from '../chain/list-page.ts';
import type { Operations } from '../chain/operation.ts';
import type { alertSubscriptionRoutes } from './routes.ts';
import { AlertSubscriptionView } from './views.ts';

export const alertSubscriptionOperations: Operations<typeof alertSubscriptionRoutes> = {
	createAlertSubscription: async (ports, { caller, body }) => ({
		body: AlertSubscriptionView.parse(await createAlertSubscription(ports, { caller, input: body })),
	}),
	confirmAlertSubscription: async (ports, { caller, params, body }) => ({
		body: AlertSubscriptionView.parse(await confirmAlertSubscription(ports, { caller, id: params.id, input: body })),
	}),
	listAlertSubscriptions: async (ports, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		await spendList(ports, caller, accountId);
		return listPage({
			keys: ports.cursorKeys,
			query,
			bound: ['listAlertSubscriptions', accountId],
			read: (at) => ports.subscriptions.list(accountId, at),
			view: async (items) =>
				shown(await withStatus(ports, { accountId, items })).map((item) => AlertSubscriptionView.parse(item)),
		});
	},
	deleteAlertSubscription: async (ports, { caller, params, query }) => {
		await deleteAlertSubscription(ports, { caller, id: params.id, ...query });
		return {};
	},
};
