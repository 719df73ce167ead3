import * as z from 'zod';
import { PutAccount } from '../../domain/model/account.ts';
import { AccountId } from '../../domain/model/ids.ts';
import { PageQuery, page } from '../chain/list-query.ts';
import type { Route } from '../chain/route.ts';
import { AccountView } from './views.ts';

const accountId = z.object({ id: AccountId });
const accounts = { handler: 'api-accounts', who: 'admin' } as const;

export const accountRoutes = [
	{
		id: 'listAccounts',
		method: 'GET',
		path: '/v1/accounts',
		...accounts,
		summary: 'Lists the accounts that have settings of their own',
		status: 200,
		touches: { cursors: true, tables: { accounts: ['Scan'] } },
		query: PageQuery,
		reply: page(AccountView),
	},
	{
		id: 'putAccount',
		method: 'PUT',
		path: '/v1/accounts/{id}',
		...accounts,
		summary: 'Creates or changes an account; omitted fields keep their values',
		status: 200,
		touches: { tables: { accounts: ['GetItem', 'PutItem'] } },
		params: accountId,
		body: PutAccount,
		reply: AccountView,
	},
	{
		id: 'getAccount',
		method: 'GET',
		path: '/v1/accounts/{id}',
		...accounts,
		summary: 'Shows an account',
		status: 200,
		touches: { tables: { accounts: ['GetItem'] } },
		params: accountId,
		reply: AccountView,
	},
] as const satisfies readonly Route[];
