import type { Alerting } from './domain/alerts/alerting.ts';
import type { Account, CryptoFloor } from './domain/model/account.ts';
import type { AlertSubscription } from './domain/model/alert-subscription.ts';
import type { CustomerGateway } from './domain/model/customer-gateway.ts';
import type { Event } from './domain/model/event.ts';
import type { IdKind } from './domain/model/ids.ts';
import type { RouterAnswer, Silence } from './domain/model/router-answer.ts';
import type { Secret } from './domain/model/secret.ts';
import type { DueVpc, Vpc } from './domain/model/vpc.ts';
import type { VpnConnection } from './domain/model/vpn-connection.ts';
import type { VpnGateway } from './domain/model/vpn-gateway.ts';

/** The rows that a transaction may touch, by the table that holds them. */
export type Rows = {
	accounts: Account;
	vpcs: Vpc;
	vpnGateways: VpnGateway;
	customerGateways: CustomerGateway;
	connections: VpnConnection;
};
export type TableName = keyof Rows;

/** An intent to write or delete a PSK: made first and removed last, so that the tick cleans up after a crash in between. */
export type SecretIntent = { id: string; accountId: string; customerGatewayId: string; madeAt: string };

/** `put` replaces the row only if it is still as it was read (`rev`), and creates it only if it is still absent. */
export type Write =
	| { [T in TableName]: { put: T; next: Rows[T]; current: Rows[T] | undefined } }[TableName]
	| { [T in TableName]: { remove: T; current: Rows[T] } }[TableName]
	| { [T in TableName]: { unchanged: T; id: string; current: Rows[T] | undefined } }[TableName]
	/** A name that only one may hold, kept in the owning table without index attributes. */
	| { claim: TableName; key: string; owner: string }
	| { release: TableName; key: string }
	| { record: Event }
	/** Added to what the hour already has. */
	| { add: UsageRow & { expiresAt: number } };

export type Page<T> = { items: T[]; next?: string };

/** The rows that a transaction was decided on have changed meanwhile: read them again and decide anew. */
export class StaleRead extends Error {}

/** Reads by key are strongly consistent, except those that `mayLag`. */
export type Store = {
	get<T extends TableName>(table: T, id: string): Promise<Rows[T] | undefined>;
	/**
	 * In the order asked; rows that do not exist are left out. Reads that `mayLag` cost half: they are for decisions that are only
	 * written if the rows are still as they were read.
	 */
	getMany<T extends TableName>(table: T, ids: readonly string[], options?: { mayLag?: boolean }): Promise<Rows[T][]>;
	/** The owner of a claimed name. */
	holderOf(table: TableName, key: string): Promise<string | undefined>;
	/** An account's rows, oldest first; `after` is the `next` of the page before. `accounts` lists all and takes no account. */
	list<T extends TableName>(table: T, query: { accountId?: string; limit: number; after?: string }): Promise<Page<Rows[T]>>;
	/** All or nothing. Throws StaleRead if a row has changed or a claim is taken. Retries conflicts with jitter by itself. Each put row is stored with `rev` one higher than `current`. */
	transact(writes: readonly Write[]): Promise<void>;
	/** VPCs to check, which have slots and an Implemented network. Eventually consistent; one index shard (0 to 7) per call. */
	dueVpcs(shard: number): Promise<DueVpc[]>;
	/** VPCs whose router is behind or has something to retry. Eventually consistent. */
	dirtyVpcs(shard: number): Promise<string[]>;
};
export const indexShards = 8;

export type Events = {
	/** Newest first. */
	list(connectionId: string, query: { limit: number; after?: string }): Promise<Page<Event>>;
	/** The account's events whose alert is owed and not yet paid, oldest first, at most 5,000. */
	owed(accountId: string): Promise<Event[]>;
	/** Accounts whose oldest owed alert is from before `before`. */
	accountsOwed(before: string): Promise<string[]>;
	/**
	 * Holds all of the events, or none of them, for the message of that id until `until`, so that each alert has one sender at a
	 * time. False if another sender holds or has sent one of them. The first is the leader: it is held last, and marked as such.
	 */
	claim(events: readonly [Event, ...Event[]], hold: { messageId: string; now: string; until: string }): Promise<boolean>;
	/** Marks them as paid, the leader last. */
	pay(events: readonly [Event, ...Event[]], paidAt: string): Promise<void>;
};

export type IdempotencyRecord = { requestHash: string; status?: number; body?: string; headers?: Record<string, string> };

/** Short-lived records beside the entities. */
export type Control = {
	/** The record that the key already has, or undefined if this call made it. */
	beginRequest(key: string, requestHash: string, expiresAt: number): Promise<IdempotencyRecord | undefined>;
	finishRequest(key: string, record: IdempotencyRecord, expiresAt: number): Promise<void>;
	/** A request that failed may be repeated. */
	forgetRequest(key: string): Promise<void>;
	/** Whether this call may go ahead: only if no other call with the key did in the last `seconds`. */
	takeTurn(key: string, now: Date, seconds: number): Promise<boolean>;
	putIntent(intent: SecretIntent): Promise<void>;
	removeIntent(id: string): Promise<void>;
	intentsBefore(madeAt: string): Promise<SecretIntent[]>;
};

/** Parameter Store, write only: nobody but the router reads a PSK. */
export type Secrets = {
	/** Returns the new version. */
	put(accountId: string, customerGatewayId: string, psk: Secret): Promise<number>;
	delete(accountId: string, customerGatewayId: string): Promise<void>;
};

/** Systems Manager Run Command on the routers. Never throws for what a router or a limit does. */
export type RouterShell = {
	apply(instanceId: string, bundle: { revision: string; text: string }): Promise<RouterAnswer>;
	/**
	 * One answer per router, for at most 50 routers, by the deadline (milliseconds from now). `answered` is called as soon as an
	 * answer is there, so that a slow router does not delay the others.
	 */
	check(
		instanceIds: readonly string[],
		deadlineMs: number,
		answered?: (instanceId: string, answer: RouterAnswer) => void,
	): Promise<Map<string, RouterAnswer>>;
	/** The last log lines about one connection; with `probe`, first what the router saw in a probe of a few seconds. */
	logs(
		instanceId: string,
		of: { connectionId: string; limit: number; probe: boolean },
		deadlineMs: number,
	): Promise<{ text: string } | { silence: Silence }>;
};

/** `again`: a check of the same tick has failed before. */
export type CheckMessage = { vpcIds: string[]; tickAt: string; again?: boolean };
export type Queues = {
	/** `ifBehind`: nothing is pushed where the router has all that it should have. */
	reconcile(vpcId: string, options?: { delaySeconds?: number; ifBehind?: boolean }): Promise<void>;
	check(messages: readonly { message: CheckMessage; delaySeconds: number }[]): Promise<void>;
	alert(accountId: string, delaySeconds?: number): Promise<void>;
};

export type OutgoingAlert = { alertId: string; accountId: string; subject: string; email: string; sms: string };
export type Endpoint = Pick<AlertSubscription, 'protocol' | 'endpoint'>;
/** SNS, one topic per account. Throws what SNS throws; the alert then stays owed. */
export type Alerts = {
	publish(alert: OutgoingAlert): Promise<void>;
	subscribe(accountId: string, endpoint: Endpoint): Promise<void>;
	/** As SNS has them now. */
	subscriptions(accountId: string): Promise<(Endpoint & { confirmed: boolean })[]>;
	unsubscribe(accountId: string, endpoint: Endpoint): Promise<void>;
};

/** Who was subscribed to an account's alerts through the API. */
export type Subscriptions = {
	get(accountId: string, id: string): Promise<AlertSubscription | undefined>;
	list(accountId: string, query: { limit: number; after?: string }): Promise<Page<AlertSubscription>>;
	put(next: AlertSubscription): Promise<void>;
	remove(accountId: string, id: string): Promise<void>;
};

export type UsageRow = { connectionId: string; accountId: string; hour: string; bytesIn: number; bytesOut: number };
type Window = { from: string; to: string };
/** Bytes by connection and hour; hours from `from` on and before `to`. */
export type Usage = {
	ofConnection(connectionId: string, window: Window): Promise<UsageRow[]>;
	ofAccount(accountId: string, window: Window): Promise<UsageRow[]>;
	ofAll(window: Window): Promise<UsageRow[]>;
};

export type MetricName =
	| 'Ticks'
	| 'CheckLag'
	| 'Connections'
	| 'UnreachableRouters'
	| 'FailedChecks'
	| 'Throttles'
	| 'AlertsSent';
/** Numbers for alarms and the dashboard. `CheckLag` is in seconds; the others are counts. */
export type Metrics = { count(name: MetricName, value: number, dimensions?: Record<string, string>): void };

export type Clock = () => Date;
export type NewId = (kind: IdKind) => string;
/** A ULID for the given instant. */
export type NewEventId = (at: Date) => string;

export type Log = {
	info(event: string, fields?: Record<string, unknown>): void;
	warn(event: string, fields?: Record<string, unknown>): void;
	error(event: string, fields?: Record<string, unknown>): void;
};

export type Settings = {
	stage: string;
	checkIntervalSeconds: 10 | 15 | 20 | 30 | 60;
	maxConnectionsPerGateway: number;
	cryptoFloor: CryptoFloor;
	alerting: Alerting;
	/** The path of the stage's secrets in Parameter Store, such as `/s2s/dev`. */
	pskPrefix: string;
	/** The base URL of the links in alerts; empty for none. */
	docsBaseUrl: string;
};

export type Ports = {
	store: Store;
	events: Events;
	control: Control;
	secrets: Secrets;
	routers: RouterShell;
	queues: Queues;
	alerts: Alerts;
	subscriptions: Subscriptions;
	usage: Usage;
	metrics: Metrics;
	clock: Clock;
	newId: NewId;
	newEventId: NewEventId;
	log: Log;
	settings: Settings;
};
