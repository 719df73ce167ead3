import type { Event } from '../../functions/domain/model/event.ts';
import { isDirty, isDue, shardOf } from '../../functions/domain/monitoring/due.ts';
import {
	type IdempotencyRecord,
	type Rows,
	StaleRead,
	type Store,
	type TableName,
	type UsageRow,
	type Write,
} from '../../functions/ports.ts';
import { pageOf } from './memory-page.ts';

type Kept = {
	rows: Record<TableName, Map<string, Rows[TableName]>>;
	markers: Map<string, string>;
	counts: Map<string, number>;
	events: Event[];
	usage: Map<string, UsageRow>;
	requests: Map<string, IdempotencyRecord & { expiresAt: number }>;
};

/** What DynamoDB refuses whatever stands in its tables. */
const mostWrites = 100;
const mostBytes = 4 * 1024 * 1024;
class ValidationException extends Error {
	override readonly name = 'ValidationException';
}

const keyOf = (write: Write): string => {
	if ('claim' in write) return `${write.claim} ${write.key}`;
	if ('release' in write) return `${write.release} ${write.key}`;
	if ('record' in write) return `events ${write.record.subject.id} ${write.record.id}`;
	if ('count' in write) return `${write.count} ${write.key}`;
	if ('commit' in write) return `request ${write.commit.key}`;
	if ('add' in write) return `usage ${write.add.connectionId} ${write.add.hour}`;
	if ('remove' in write) return `${write.remove} ${write.current.id}`;
	return 'put' in write ? `${write.put} ${write.next.id}` : `${write.unchanged} ${write.id}`;
};

const validate = (writes: readonly Write[]): void => {
	if (writes.length === 0 || writes.length > mostWrites) throw new ValidationException(`${writes.length} items in a transaction`);
	if (new Set(writes.map(keyOf)).size < writes.length) throw new ValidationException('a transaction with an item twice');
	if (Buffer.byteLength(JSON.stringify(writes)) > mostBytes) throw new ValidationException('a transaction of more than 4 MB');
};

const frozen = <T>(value: T): T => {
	if (typeof value === 'object' && value !== null) for (const one of Object.values(Object.freeze(value))) frozen(one);
	return value;
};

const markerOf = (table: TableName, key: string) => `${table} ${key}`;

/** The store's contract in memory, for use cases; the same suite holds it and DynamoDB's adapter to it. */
export const memoryStore = (): { store: Store; kept: Kept } => {
	const kept: Kept = {
		rows: {
			accounts: new Map(),
			vpcs: new Map(),
			vpnGateways: new Map(),
			customerGateways: new Map(),
			connections: new Map(),
		},
		markers: new Map(),
		counts: new Map(),
		events: [],
		usage: new Map(),
		requests: new Map(),
	};
	// Frozen when they are written: a use case that changes what it has read throws.
	const read = <T extends TableName>(table: T, id: string) => kept.rows[table].get(id) as Rows[T] | undefined;

	const holds = (write: Write): boolean => {
		if ('claim' in write) return !kept.markers.has(markerOf(write.claim, write.key));
		if ('count' in write) return write.by < 0 || (kept.counts.get(keyOf(write)) ?? 0) < write.most;
		if ('commit' in write) {
			const known = kept.requests.get(write.commit.key);
			const { requestHash, made, status } = known ?? { requestHash: write.commit.requestHash };
			return requestHash === write.commit.requestHash && made === undefined && status === undefined;
		}
		if ('release' in write || 'record' in write || 'add' in write) return true;
		if ('remove' in write) return read(write.remove, write.current.id)?.rev === write.current.rev;
		const table = 'put' in write ? write.put : write.unchanged;
		return read(table, 'put' in write ? write.next.id : write.id)?.rev === write.current?.rev;
	};

	const perform = (write: Write): void => {
		if ('claim' in write) kept.markers.set(markerOf(write.claim, write.key), write.owner);
		else if ('release' in write) kept.markers.delete(markerOf(write.release, write.key));
		else if ('record' in write) kept.events.push(structuredClone(write.record));
		else if ('count' in write) kept.counts.set(keyOf(write), (kept.counts.get(keyOf(write)) ?? 0) + write.by);
		else if ('commit' in write) {
			const { key, ...record } = write.commit;
			kept.requests.set(key, record);
		} else if ('remove' in write) kept.rows[write.remove].delete(write.current.id);
		else if ('add' in write) {
			const { expiresAt: _kept, ...row } = write.add;
			const before = kept.usage.get(`${row.connectionId} ${row.hour}`);
			kept.usage.set(`${row.connectionId} ${row.hour}`, {
				...row,
				bytesIn: row.bytesIn + (before?.bytesIn ?? 0),
				bytesOut: row.bytesOut + (before?.bytesOut ?? 0),
			});
		} else if ('put' in write)
			kept.rows[write.put].set(write.next.id, frozen({ ...structuredClone(write.next), rev: (write.current?.rev ?? 0) + 1 }));
	};

	const vpcs = () => [...kept.rows.vpcs.values()] as Rows['vpcs'][];
	const store: Store = {
		get: async (table, id) => read(table, id),
		getMany: async (table, ids) => ids.flatMap((id) => read(table, id) ?? []),
		countOf: async (table, key) => kept.counts.get(`${table} ${key}`) ?? 0,
		holderOf: async (table, key) => kept.markers.get(markerOf(table, key)),
		async list<T extends TableName>(table: T, { accountId, limit, after = '' }: Parameters<Store['list']>[1]) {
			const behind = ({ createdAt, id }: Rows[TableName]) => `${createdAt} ${id}`;
			const rows = ([...kept.rows[table].values()] as Rows[T][])
				.filter((row) => table === 'accounts' || row.accountId === accountId)
				.sort((a, b) => (behind(a) < behind(b) ? -1 : 1));
			return pageOf<Rows[T]>(rows, { limit, isBehind: (row) => behind(row) > after, behind });
		},
		async transact(writes) {
			validate(writes);
			const unmet = writes.filter((write) => !holds(write));
			if (unmet.length > 0) throw new StaleRead(unmet.map(keyOf).join('; '));
			for (const write of writes) perform(write);
		},
		dueVpcs: async (shard) => vpcs().filter((vpc) => isDue(vpc) && shardOf(vpc.id) === String(shard)),
		dirtyVpcs: async (shard) =>
			vpcs()
				.filter((vpc) => isDirty(vpc) && shardOf(vpc.id) === String(shard))
				.map(({ id }) => id),
	};
	return { store, kept };
};
