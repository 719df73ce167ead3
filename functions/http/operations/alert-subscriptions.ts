import { accountOf } from '../../usecases/caller.ts';
import { createAlertSubscription } from '../../usecases/create-alert-subscription.ts';
import { deleteAlertSubscription } from '../../usecases/delete-alert-subscription.ts';
import { withStatus } from '../../usecases/list-alert-subscriptions.ts';
import { listPage } from '../list-page.ts';
import type { Operations } from '../operation.ts';

type Ids = 'createAlertSubscription' | 'listAlertSubscriptions' | 'deleteAlertSubscription';

export const alertSubscriptionOperations: Operations<Ids> = {
	createAlertSubscription: async (ports, { caller, body }) => ({
		body: await createAlertSubscription(ports, { caller, input: body }),
	}),
	listAlertSubscriptions: (ports, { caller, query }) => {
		const accountId = accountOf(caller, query.accountId);
		return listPage({
			query,
			bound: ['listAlertSubscriptions', accountId],
			read: (at) => ports.subscriptions.list(accountId, at),
			view: (items) => withStatus(ports, { accountId, items }),
		});
	},
	deleteAlertSubscription: async (ports, { caller, params, query }) => {
		await deleteAlertSubscription(ports, { caller, id: params.id, ...query });
		return {};
	},
};
