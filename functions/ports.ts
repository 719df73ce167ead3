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

/** An intent to write or delete a PSK: made first, removed last, so that a crash in between is swept up. */
export type SecretIntent = { id: string; accountId: string; customerGatewayId: string; madeAt: string };

/** One kind of write a table: `put` replaces the row only if it still is as it was read (`rev`), or is absent. */
export type Write =
	| { [T in TableName]: { put: T; next: Rows[T]; current: Rows[T] | undefined } }[TableName]
	| { [T in TableName]: { remove: T; current: Rows[T] } }[TableName]
	| { [T in TableName]: { unchanged: T; id: string; current: Rows[T] | undefined } }[TableName]
	/** A name that only one may hold, kept in the owning table without index attributes. */
	| { claim: TableName; key: string; owner: string }
	| { release: TableName; key: string }
	| { record: Event }
	/** Added to what its hour has already. */
	| { add: UsageRow & { expiresAt: number } };

export type Page<T> = { items: T[]; next?: string };

/** A guard of a transaction did not hold: what it was decided on has changed meanwhile. Read again and decide anew. */
export class StaleRead extends Error {}

/** The rows. All reads by key are strongly consistent, but for those that say that they may lag. */
export type Store = {
	get<T extends TableName>(table: T, id: string): Promise<Rows[T] | undefined>;
	/**
	 * In the order asked; what is not there is left out. Reads that `mayLag` cost half: for what is written only where the rows still
	 * are as they were read.
	 */
	getMany<T extends TableName>(table: T, ids: readonly string[], options?: { mayLag?: boolean }): Promise<Rows[T][]>;
	/** Who holds a name that was claimed. */
	holderOf(table: TableName, key: string): Promise<string | undefined>;
	/** An account's rows, oldest first; `after` is the `next` of the page before. `accounts` lists all and takes no account. */
	list<T extends TableName>(table: T, query: { accountId?: string; limit: number; after?: string }): Promise<Page<Rows[T]>>;
	/** All or nothing. Throws StaleRead when a guard did not hold or a claim is taken. Retries conflicts with jitter itself. Each put row is stored with `rev` one higher than `current`. */
	transact(writes: readonly Write[]): Promise<void>;
	/** VPCs to check: slots and an Implemented network. Eventually consistent, one index shard (0 to 7) a call. */
	dueVpcs(shard: number): Promise<DueVpc[]>;
	/** VPCs whose router is behind, or has something to retry. Eventually consistent. */
	dirtyVpcs(shard: number): Promise<string[]>;
};
export const indexShards = 8;

export type Events = {
	/** Newest first. */
	list(connectionId: string, query: { limit: number; after?: string }): Promise<Page<Event>>;
	/** The account's events whose alert is owed and not paid, oldest first, at most 5,000. */
	owed(accountId: string): Promise<Event[]>;
	/** Accounts with an alert owed since before `before`. */
	accountsOwed(before: string): Promise<string[]>;
	/**
	 * Holds all of the events for the message of that id until `until`, or none of them: each alert has one sender at a time. False
	 * where another holds one, or has sent it. The first leads: it is held after all the others, and marked so.
	 */
	claim(events: readonly [Event, ...Event[]], hold: { messageId: string; now: string; until: string }): Promise<boolean>;
	/** Marks them paid, the first after all the others: they are owed no more. */
	pay(events: readonly [Event, ...Event[]], paidAt: string): Promise<void>;
};

export type IdempotencyRecord = { requestHash: string; status?: number; body?: string; headers?: Record<string, string> };

/** What is kept for a while beside the entities. */
export type Control = {
	/** Begins a request under a key: the record that is there already, or undefined where this call made it. */
	beginRequest(key: string, requestHash: string, expiresAt: number): Promise<IdempotencyRecord | undefined>;
	finishRequest(key: string, record: IdempotencyRecord, expiresAt: number): Promise<void>;
	/** A request that failed may be made again. */
	forgetRequest(key: string): Promise<void>;
	/** Whether this call may go ahead: no other with the key did within the seconds before. */
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
	 * One answer a router, at most 50 routers a call, until the deadline (milliseconds from now). Each is told as soon as it is
	 * there, so that a slow router delays nobody else.
	 */
	check(
		instanceIds: readonly string[],
		deadlineMs: number,
		answered?: (instanceId: string, answer: RouterAnswer) => void,
	): Promise<Map<string, RouterAnswer>>;
	/** What a router has in its logs of one connection, the last lines; before them, what it saw in a probe of some seconds. */
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
/** SNS, a topic an account. Throws what SNS throws: an alert is then still owed. */
export type Alerts = {
	publish(alert: OutgoingAlert): Promise<void>;
	subscribe(accountId: string, endpoint: Endpoint): Promise<void>;
	/** What the topic has now. */
	subscriptions(accountId: string): Promise<(Endpoint & { confirmed: boolean })[]>;
	unsubscribe(accountId: string, endpoint: Endpoint): Promise<void>;
};

/** Who subscribed to an account's alerts by the API. */
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
	/** Where the links of an alert lead; empty for none. */
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
