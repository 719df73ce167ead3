import { isChange, type Route, takesKey } from '../../../functions/http/chain/route.ts';
import { type Touches, together } from '../../../functions/http/chain/touches.ts';
import type { Call } from '../../../local/iam/call-log.ts';
import { arnOf, type Stack } from '../../../local/stack.ts';

const idempotencyCalls = ['GetItem', 'PutItem', 'DeleteItem'];
/** Of the count of an account's changes. */
const countingCalls = ['UpdateItem'];

/** What a row names, a line each. */
export const namedBy = (route: Route): string[] => {
	const { tables, indexes, queues, documents, secrets, topics, routes } = together([route.touches satisfies Touches]);
	return [
		...Object.entries(tables).flatMap(([table, calls]) => calls.map((call) => `${call} of ${table}`)),
		...Object.entries(indexes).flatMap(([table, names]) => names.map((index) => `Query of ${table} by ${index}`)),
		...queues.map((queue) => `SendMessage to ${queue}`),
		...documents.map((document) => `SendCommand of ${document}`),
		...secrets,
		...topics,
		...routes,
	].sort();
};

/** What the calls of a route touched, in the same words; what every function with such a right has along with it is left out. */
export const touchedBy = (route: Route, calls: readonly Call[], stack: Stack): string[] => {
	const places = new Map(stack.resources.map((one) => [arnOf(one), String(one.metadata['aws:cdk:path'] ?? '').split('/')]));
	/** A construct by its place in the tree, such as `Tables/vpcs` or `Reconcile/Queue`. */
	const placeOf = (arn: string, depth: number): string => places.get(arn)?.[depth] ?? arn;
	const lines = calls
		.filter(({ flow }) => flow === `${route.method} ${route.path}`)
		.flatMap(({ action, resource }) => {
			const [service = '', call = ''] = action.split(':');
			if (service === 'dynamodb') {
				const [arn = '', index] = resource.split('/index/');
				const table = camelCase(placeOf(arn, 2));
				const along = [...(takesKey(route) ? idempotencyCalls : []), ...(isChange(route) ? countingCalls : [])];
				if (table === 'control' && along.includes(call) && !touchesControl(route, call)) return [];
				return [index === undefined ? `${call} of ${table}` : `Query of ${table} by ${index}`];
			}
			if (service === 'sqs') return [`SendMessage to ${placeOf(resource, 1).toLowerCase()}`];
			if (call === 'SendCommand')
				return resource.includes(':document/') ? [`SendCommand of ${resource.replace(/^.*-/, '')}`] : [];
			// A phone number is no resource.
			if (action === 'sns:Publish' && resource === '*') return ['PublishToPhone'];
			return service === 'sns' || service === 'ec2' || call === 'PutParameter' || call === 'DeleteParameter' ? [call] : [];
		});
	return [...new Set(lines)].sort();
};

/** A table's construct has the name that the table has in DynamoDB, in which the connections' one stands in the singular. */
const camelCase = (name: string): string =>
	name === 'vpn_connection' ? 'connections' : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const touchesControl = (route: Route, call: string): boolean =>
	((route.touches.tables?.control ?? []) as readonly string[]).includes(call);
