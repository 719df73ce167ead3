type TableCall = 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'ConditionCheckItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
type RouteCall =
	| 'DescribeInstances'
	| 'DescribeRouteTables'
	| 'DescribeSecurityGroups'
	| 'DescribeNetworkAcls'
	| 'CreateRoute'
	| 'ReplaceRoute'
	| 'DeleteRoute';
type TopicCall = 'CreateTopic' | 'Publish' | 'PublishToPhone' | 'Subscribe' | 'Unsubscribe' | 'ListSubscriptionsByTopic';

export type TouchedTable =
	| 'accounts'
	| 'vpcs'
	| 'vpnGateways'
	| 'customerGateways'
	| 'connections'
	| 'events'
	| 'alertSubscriptions'
	| 'usage'
	| 'control';
export type TouchedQueue = 'reconcile' | 'check' | 'alert';
export type TouchedDocument = 'apply' | 'check' | 'logs' | 'inspect';

/** What a route or a loop touches, call by call: its function is allowed this and knows the names of these, and nothing else. */
export type Touches = {
	tables?: Partial<Record<TouchedTable, readonly TableCall[]>>;
	/** Of which indexes it asks. */
	indexes?: Partial<Record<TouchedTable, readonly string[]>>;
	/** To which queues it sends. */
	queues?: readonly TouchedQueue[];
	/** Which documents it runs on routers. */
	documents?: readonly TouchedDocument[];
	/** PSKs are written and deleted, and never read: only the routers read them. */
	secrets?: readonly ('PutParameter' | 'DeleteParameter')[];
	/** It makes and takes cursors, which are authenticated with a key. */
	cursors?: boolean;
	/** On the topics of accounts. */
	topics?: readonly TopicCall[];
	/** On the route tables that are tagged for it, and on what EC2 shows. */
	routes?: readonly RouteCall[];
};

/** To count the routes of a table. */
export const routeReads = ['DescribeInstances', 'DescribeRouteTables'] as const;

/** A request under an Idempotency-Key is begun, and finished or forgotten; a refused begin returns the record that is there. */
export const idempotency: Touches = { tables: { control: ['PutItem', 'DeleteItem'] } };

/** The changes of an account are counted. */
export const counting: Touches = { tables: { control: ['UpdateItem'] } };

const union = <T>(...lists: (readonly T[] | undefined)[]): T[] => [...new Set(lists.flatMap((list) => list ?? []))];

const unionByName = <T>(all: readonly (Partial<Record<TouchedTable, readonly T[]>> | undefined)[]) => {
	const names = union(...all.map((one) => Object.keys(one ?? {}) as TouchedTable[]));
	return Object.fromEntries(names.map((name) => [name, union(...all.map((one) => one?.[name]))]));
};

export type Together = Omit<Required<Touches>, 'cursors'> & { cursors: boolean };

/** What a function touches that serves all of these. */
export const together = (all: readonly Touches[]): Together => ({
	tables: unionByName(all.map(({ tables }) => tables)),
	indexes: unionByName(all.map(({ indexes }) => indexes)),
	queues: union(...all.map(({ queues }) => queues)),
	documents: union(...all.map(({ documents }) => documents)),
	secrets: union(...all.map(({ secrets }) => secrets)),
	cursors: all.some(({ cursors }) => cursors === true),
	topics: union(...all.map(({ topics }) => topics)),
	routes: union(...all.map(({ routes }) => routes)),
});
