import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Write } from '../../ports.ts';

/** Which rows made a transaction fail, and what is there now. DynamoDB gives one reason per write, in the order of the writes. */
export const unmetGuards = (writes: readonly Write[], reasons: readonly CancellationReason[]): string =>
	writes
		.flatMap((write, n) => {
			const { Code, Item } = reasons[n] ?? {};
			if (Code === 'TransactionConflict') return [`${placeOf(write)} is in another transaction`];
			if (Code !== 'ConditionalCheckFailed') return [];
			return [`${placeOf(write)} ${readAs(write)} and ${Item === undefined ? 'is gone' : foundAs(unmarshall(Item))}`];
		})
		.join('; ');

const placeOf = (write: Write): string => {
	if ('put' in write) return `${write.put} ${write.next.id}`;
	if ('remove' in write) return `${write.remove} ${write.current.id}`;
	if ('unchanged' in write) return `${write.unchanged} ${write.id}`;
	if ('claim' in write) return `${write.claim} ${write.key}`;
	if ('release' in write) return `${write.release} ${write.key}`;
	if ('record' in write) return `events ${write.record.subject.id} ${write.record.id}`;
	if ('count' in write) return `${write.count} ${write.key}`;
	if ('commit' in write) return `request ${write.commit.key}`;
	return `usage ${write.add.connectionId} ${write.add.hour}`;
};

const readAs = (write: Write): string =>
	'current' in write && write.current !== undefined ? `was read at revision ${write.current.rev}` : 'was not there';

/** The revision of a row or the owner of a marker, and nothing else, because the text is logged. */
const foundAs = ({ rev, owner }: Record<string, unknown>): string =>
	rev === undefined ? `is held by ${owner}` : `is at revision ${rev}`;
