import { isChange, type Route, takesKey } from '../functions/http/chain/route.ts';
import { counting, idempotency, routeReads, type Together, type Touches, together } from '../functions/http/chain/touches.ts';
import { routes } from '../functions/http/routes.ts';

/** What the loops touch, by the file in `functions/handlers/`. */
const loops: Record<string, Touches> = {
	tick: {
		tables: { customerGateways: ['GetItem'], control: ['UpdateItem', 'DeleteItem'] },
		indexes: { vpcs: ['byDue', 'byDirty'], events: ['byOwed'], control: ['byIntent'] },
		queues: ['reconcile', 'check', 'alert'],
		secrets: ['DeleteParameter'],
	},
	check: {
		tables: {
			vpcs: ['BatchGetItem', 'PutItem'],
			connections: ['BatchGetItem', 'PutItem'],
			customerGateways: ['BatchGetItem', 'PutItem'],
			events: ['PutItem'],
			usage: ['UpdateItem'],
		},
		queues: ['reconcile', 'check', 'alert'],
		documents: ['check'],
	},
	reconcile: {
		tables: {
			vpcs: ['GetItem', 'PutItem', 'DeleteItem'],
			connections: ['BatchGetItem', 'PutItem', 'DeleteItem'],
			customerGateways: ['BatchGetItem', 'PutItem'],
			vpnGateways: ['GetItem'],
			accounts: ['GetItem'],
			events: ['PutItem'],
			control: ['UpdateItem', 'DeleteItem'],
		},
		queues: ['reconcile', 'check', 'alert'],
		documents: ['apply', 'check'],
		routes: [...routeReads, 'CreateRoute', 'ReplaceRoute', 'DeleteRoute'],
	},
	alert: {
		tables: { events: ['UpdateItem'], control: ['UpdateItem'] },
		indexes: { events: ['byOwed'] },
		queues: ['alert'],
		topics: ['CreateTopic', 'Publish'],
	},
};

/** For requests that no route takes. */
export const fallbackHandler = 'api-not-found';

const ofRoute = (route: Route): Touches[] => [
	route.touches,
	...(takesKey(route) ? [idempotency] : []),
	...(isChange(route) ? [counting] : []),
];

/** What each function is allowed, by the file in `functions/handlers/`: what its routes touch, or its loop. */
export const grants: Record<string, Together> = {
	[fallbackHandler]: together([]),
	...Object.fromEntries(
		[...Map.groupBy<string, Route>(routes, ({ handler }) => handler)].map(([handler, served]) => [
			handler,
			together(served.flatMap(ofRoute)),
		]),
	),
	...Object.fromEntries(Object.entries(loops).map(([handler, touches]) => [handler, together([touches])])),
};
