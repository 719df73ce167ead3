import { putAccount } from '../../usecases/accounts/put-account.ts';
import { notFound } from '../../usecases/shared/load-visible.ts';
import { listPage } from '../chain/list-page.ts';
import { entity, type Operations } from '../chain/operation.ts';
import type { accountRoutes } from './routes.ts';
import { AccountView } from './views.ts';

export const accountOperations: Operations<typeof accountRoutes> = {
	listAccounts: ({ store, cursorKeys }, { query }) =>
		listPage({
			keys: cursorKeys,
			query,
			bound: ['listAccounts'],
			read: (at) => store.list('accounts', at),
			view: (items) => items.map((item) => AccountView.parse(item)),
		}),
	putAccount: async (ports, { params, body, ifMatch }) =>
		entity(AccountView.parse(await putAccount(ports, params.id, { ...body, ifMatch }))),
	getAccount: async ({ store }, { params }) => {
		const account = await store.get('accounts', params.id);
		if (account === undefined) throw notFound('accounts', params.id);
		return entity(AccountView.parse(account));
	},
};
