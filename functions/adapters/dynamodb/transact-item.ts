import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Write } from '../../ports.ts';
import { eventItem } from './event-item.ts';
import { itemOf } from './items.ts';
import { requestId } from './request-id.ts';
import type { TableNames } from './table-names.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** If the condition fails, the error has the item that is there. */
const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

const guard = (current: { rev: number } | undefined) =>
	current === undefined
		? { ...shown, ConditionExpression: 'attribute_not_exists(id)' }
		: { ...shown, ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': current.rev } };

/** The write as an action of a DynamoDB transaction. */
export const transactItem = (write: Write, tables: TableNames): TransactItem => {
	if ('put' in write) {
		const Item = itemOf(write.put, write.next, (write.current?.rev ?? 0) + 1);
		return { Put: { TableName: tables[write.put], Item, ...guard(write.current) } };
	}
	if ('remove' in write) {
		return { Delete: { TableName: tables[write.remove], Key: { id: write.current.id }, ...guard(write.current) } };
	}
	if ('unchanged' in write) {
		return { ConditionCheck: { TableName: tables[write.unchanged], Key: { id: write.id }, ...guard(write.current) } };
	}
	if ('claim' in write) {
		const Item = { id: write.key, owner: write.owner };
		return { Put: { TableName: tables[write.claim], Item, ...guard(undefined) } };
	}
	if ('release' in write) return { Delete: { TableName: tables[write.release], Key: { id: write.key } } };
	if ('record' in write) return { Put: { TableName: tables.events, Item: eventItem(write.record) } };
	if ('count' in write) {
		const { key, by, most } = write;
		const Update = { TableName: tables[write.count], Key: { id: key }, UpdateExpression: 'ADD counted :by', ...shown };
		return by < 0
			? { Update: { ...Update, ExpressionAttributeValues: { ':by': by } } }
			: {
					Update: {
						...Update,
						ConditionExpression: 'attribute_not_exists(counted) OR counted < :most',
						ExpressionAttributeValues: { ':by': by, ':most': most },
					},
				};
	}
	if ('commit' in write) {
		const { key, requestHash, made, expiresAt } = write.commit;
		return {
			Put: {
				TableName: tables.control,
				Item: { id: requestId(key), requestHash, made, expiresAt },
				...shown,
				// The beginning of the request may have expired by now.
				ConditionExpression:
					'attribute_not_exists(id) OR (requestHash = :hash AND attribute_not_exists(made) AND attribute_not_exists(#status))',
				ExpressionAttributeNames: { '#status': 'status' },
				ExpressionAttributeValues: { ':hash': requestHash },
			},
		};
	}
	const { connectionId, hour, accountId, bytesIn, bytesOut, expiresAt } = write.add;
	return {
		Update: {
			TableName: tables.usage,
			Key: { connectionId, hour },
			UpdateExpression: 'ADD bytesIn :in, bytesOut :out SET accountId = :account, expiresAt = :expires',
			ExpressionAttributeValues: { ':in': bytesIn, ':out': bytesOut, ':account': accountId, ':expires': expiresAt },
		},
	};
};
