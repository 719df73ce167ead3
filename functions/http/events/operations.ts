import { loadVisible } from '../../usecases/shared/load-visible.ts';
import { listPage } from '../chain/list-page.ts';
import type { Operations } from '../chain/operation.ts';
import type { eventRoutes } from './routes.ts';
import { ApplyView, eventView } from './views.ts';

export const eventOperations: Operations<typeof eventRoutes> = {
	listEvents: async ({ store, events, cursorKeys }, { caller, params, query }) => {
		await loadVisible(store, caller, { table: 'connections', id: params.id });
		return listPage({
			keys: cursorKeys,
			query,
			bound: ['listEvents', params.id],
			read: (at) => events.list(params.id, at),
			view: (items) => items.map((item) => eventView(item, params.id)),
		});
	},
	listApplies: async ({ store, events, cursorKeys }, { caller, params, query }) => {
		await loadVisible(store, caller, { table: 'connections', id: params.id });
		return listPage({
			keys: cursorKeys,
			query,
			bound: ['listApplies', params.id],
			read: (at) => events.list(params.id, at),
			keep: ({ steps }) => steps !== undefined,
			view: (items) => items.map((item) => ApplyView.parse({ ...item, connectionId: params.id })),
		});
	},
};
