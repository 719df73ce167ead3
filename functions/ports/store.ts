import type { Account } from '../domain/model/account.ts';
import type { CustomerGateway } from '../domain/model/customer-gateway.ts';
import type { Event } from '../domain/model/event.ts';
import type { DueVpc, Vpc } from '../domain/model/vpc.ts';
import type { VpnConnection } from '../domain/model/vpn-connection.ts';
import type { VpnGateway } from '../domain/model/vpn-gateway.ts';
import type { Page } from './page.ts';
import type { Commitment } from './requests.ts';
import type { UsageRow } from './usage.ts';

/** The rows that a transaction may touch, by the table that holds them. */
export type Rows = {
	accounts: Account;
	vpcs: Vpc;
	vpnGateways: VpnGateway;
	customerGateways: CustomerGateway;
	connections: VpnConnection;
};
export type TableName = keyof Rows;

/** `put` replaces the row only if it is still as it was read (`rev`), and creates it only if it is still absent. */
export type Write =
	| { [T in TableName]: { put: T; next: Rows[T]; current: Rows[T] | undefined } }[TableName]
	| { [T in TableName]: { remove: T; current: Rows[T] } }[TableName]
	| { [T in TableName]: { unchanged: T; id: string; current: Rows[T] | undefined } }[TableName]
	/** A name that only one may hold, kept in the owning table without index attributes. */
	| { claim: TableName; key: string; owner: string }
	| { release: TableName; key: string }
	/** A count beside the rows of the owning table, without index attributes: it never passes `most`. */
	| { count: TableName; key: string; by: 1 | -1; most: number }
	| { record: Event }
	| { commit: Commitment }
	/** Added to what the hour already has. */
	| { add: UsageRow & { expiresAt: number } };

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
	/** What was counted under a key. */
	countOf(table: TableName, key: string): Promise<number>;
	/** An account's rows, oldest first; `after` comes from an earlier page. `accounts` lists all and takes no account. */
	list<T extends TableName>(table: T, query: { accountId?: string; limit: number; after?: string }): Promise<Page<Rows[T]>>;
	/** All or nothing. Throws StaleRead if a row has changed or a claim is taken. Retries conflicts with jitter by itself. Each put row is stored with `rev` one higher than `current`. */
	transact(writes: readonly Write[]): Promise<void>;
	/** VPCs to check, which have slots and an Implemented network. Eventually consistent; one index shard (0 to 7) per call. */
	dueVpcs(shard: number): Promise<DueVpc[]>;
	/** VPCs whose router is behind or has something to retry. Eventually consistent. */
	dirtyVpcs(shard: number): Promise<string[]>;
};
export const indexShards = 8;
