import type { DocumentName } from '../router/build.ts';
import type { Tables } from './constructs/tables.ts';

export type TableName = keyof Omit<Tables, 'node' | 'toString' | 'with'>;
export type QueueName = 'reconcile' | 'check' | 'alert';

/** What a function touches, call by call. Nothing that is not here is allowed. */
export type Grants = {
	tables?: Partial<Record<TableName, readonly TableCall[]>>;
	/** Of which indexes it asks. */
	indexes?: Partial<Record<TableName, readonly string[]>>;
	/** To which queues it sends. */
	queues?: readonly QueueName[];
	/** Which documents it runs on routers. */
	documents?: readonly DocumentName[];
	/** PSKs are written and deleted, and never read: only the routers read them. */
	secrets?: readonly ('PutParameter' | 'DeleteParameter')[];
	/** On the topics of accounts. */
	topics?: readonly ('CreateTopic' | 'Publish' | 'Subscribe' | 'Unsubscribe' | 'ListSubscriptionsByTopic')[];
};
type TableCall = 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'ConditionCheckItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** A request under an Idempotency-Key is begun, looked up, and finished or forgotten. */
const idempotency = ['GetItem', 'PutItem', 'DeleteItem'] as const;

/** By the file in `functions/handlers/`. */
export const grants: Record<string, Grants> = {
	'api-accounts': { tables: { accounts: ['GetItem', 'PutItem', 'Scan'] } },
	'api-vpcs': {
		tables: {
			vpcs: ['GetItem', 'PutItem', 'DeleteItem'],
			vpnGateways: ['GetItem'],
			connections: ['BatchGetItem', 'PutItem'],
			events: ['PutItem'],
			control: idempotency,
		},
		indexes: { vpcs: ['byAccount'] },
		queues: ['reconcile'],
	},
	'api-vpn-gateways': {
		tables: {
			vpnGateways: ['GetItem', 'PutItem', 'DeleteItem'],
			vpcs: ['GetItem', 'PutItem'],
			accounts: ['GetItem', 'ConditionCheckItem'],
			control: idempotency,
		},
		indexes: { vpnGateways: ['byAccount'] },
	},
	'api-customer-gateways': {
		tables: {
			customerGateways: ['GetItem', 'PutItem', 'DeleteItem'],
			connections: ['GetItem', 'PutItem'],
			vpcs: ['GetItem', 'PutItem'],
			vpnGateways: ['GetItem'],
			accounts: ['GetItem', 'ConditionCheckItem'],
			events: ['PutItem'],
			control: idempotency,
		},
		indexes: { customerGateways: ['byAccount'] },
		queues: ['reconcile'],
		secrets: ['PutParameter', 'DeleteParameter'],
	},
	'api-connections': {
		tables: {
			connections: ['GetItem', 'PutItem', 'DeleteItem'],
			vpcs: ['GetItem', 'BatchGetItem', 'PutItem'],
			customerGateways: ['GetItem', 'BatchGetItem', 'PutItem'],
			vpnGateways: ['GetItem', 'ConditionCheckItem'],
			accounts: ['GetItem', 'ConditionCheckItem'],
			events: ['Query', 'PutItem'],
			control: idempotency,
		},
		indexes: { connections: ['byAccount'] },
		queues: ['reconcile'],
	},
	'api-logs': { tables: { connections: ['GetItem'], vpcs: ['GetItem'] }, documents: ['logs', 'check'] },
	'api-usage': {
		tables: { connections: ['GetItem'], events: ['Query'], usage: ['Query', 'Scan'] },
		indexes: { usage: ['byAccount'] },
	},
	'api-alert-subscriptions': {
		tables: {
			accounts: ['GetItem'],
			alertSubscriptions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'],
			control: idempotency,
		},
		topics: ['CreateTopic', 'Subscribe', 'Unsubscribe', 'ListSubscriptionsByTopic'],
	},
	'api-openapi': {},
	'api-not-found': {},
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
		},
		queues: ['reconcile', 'check', 'alert'],
		documents: ['apply', 'check'],
	},
	alert: {
		tables: { events: ['UpdateItem'], control: ['UpdateItem'] },
		indexes: { events: ['byOwed'] },
		queues: ['alert'],
		topics: ['CreateTopic', 'Publish'],
	},
};
