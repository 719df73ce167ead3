import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateQuery, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../../chunks.ts';
import type { Event } from '../../domain/model/event.ts';
import { shardOf } from '../../domain/monitoring/due.ts';
import { type Events, indexShards } from '../../ports.ts';
import { eventOfItem } from './event-item.ts';
import type { Item } from './items.ts';

const mostOwed = 5_000;
/** So many calls at a time. */
const atOnce = 50;

export const dynamoEvents = (client: DynamoDBDocumentClient, table: string): Events => {
	const key = ({ subject, id }: Event) => ({ connectionId: subject.id, id });

	const owedOfShard = async (shard: string, filter: { expression: string; values: Item }): Promise<Event[]> => {
		const found: Event[] = [];
		for await (const { Items = [] } of paginateQuery(
			{ client },
			{
				TableName: table,
				IndexName: 'byOwed',
				KeyConditionExpression: 'owedShard = :shard',
				FilterExpression: filter.expression,
				ExpressionAttributeValues: { ':shard': shard, ...filter.values },
			},
		)) {
			found.push(...Items.map(eventOfItem));
			if (found.length >= mostOwed) break;
		}
		return found.slice(0, mostOwed);
	};

	/** False if the condition does not hold. */
	const update = async (
		event: Event,
		change: Pick<ConstructorParameters<typeof UpdateCommand>[0], 'UpdateExpression' | 'ConditionExpression'> & { values: Item },
	): Promise<boolean> => {
		const { values, ...expressions } = change;
		try {
			await client.send(
				new UpdateCommand({ TableName: table, Key: key(event), ...expressions, ExpressionAttributeValues: values }),
			);
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	};

	return {
		async list(connectionId, { limit, after }) {
			const { Items = [], LastEvaluatedKey } = await client.send(
				new QueryCommand({
					TableName: table,
					KeyConditionExpression: 'connectionId = :id',
					ExpressionAttributeValues: { ':id': connectionId },
					ScanIndexForward: false,
					ConsistentRead: true,
					Limit: limit,
					...(after === undefined ? {} : { ExclusiveStartKey: { connectionId, id: after } }),
				}),
			);
			const next: string | undefined = LastEvaluatedKey?.['id'];
			// DynamoDB removes what has expired some days late.
			const items = Items.map(eventOfItem).filter(({ expiresAt }) => expiresAt > Date.now() / 1000);
			return { items, ...(next === undefined ? {} : { next }), behind: ({ id }) => id };
		},
		owed: (accountId) =>
			owedOfShard(shardOf(accountId), { expression: 'accountId = :account', values: { ':account': accountId } }),
		async accountsOwed(before) {
			const filter = { expression: 'alert.owedAt < :before', values: { ':before': before } };
			const shards = Array.from({ length: indexShards }, (_, shard) => owedOfShard(String(shard), filter));
			return [...new Set((await Promise.all(shards)).flat().map(({ accountId }) => accountId))];
		},
		async claim([leader, ...others], { messageId, texted, now, until }) {
			const hold = (event: Event, leads: boolean) =>
				update(event, {
					UpdateExpression:
						'SET alert.messageId = :message, alert.texted = :texted, alert.leads = :leads, alert.triedAt = :now, alert.heldUntil = :until',
					ConditionExpression:
						'attribute_exists(owedShard) AND (attribute_not_exists(alert.heldUntil) OR alert.heldUntil < :now)',
					values: { ':message': messageId, ':texted': texted, ':leads': leads, ':now': now, ':until': until },
				});
			const held = (await inParts(others, async (event) => ((await hold(event, false)) ? [event] : []))).flat();
			if (held.length === others.length && (await hold(leader, true))) return true;
			await inParts(held, (event) =>
				update(event, {
					UpdateExpression: 'REMOVE alert.heldUntil',
					ConditionExpression: 'alert.messageId = :message AND alert.heldUntil = :until',
					values: { ':message': messageId, ':until': until },
				}),
			);
			return false;
		},
		async pay([leader, ...others], paidAt) {
			const pay = async (event: Event) => {
				const paid = await update(event, {
					UpdateExpression: 'SET alert.paidAt = :paidAt REMOVE owedShard, alert.heldUntil',
					ConditionExpression: 'attribute_exists(alert)',
					values: { ':paidAt': paidAt },
				});
				if (!paid) throw new Error(`the event ${event.id} of ${event.subject.id} has no alert to pay`);
			};
			await inParts(others, pay);
			await pay(leader);
		},
	};
};

const inParts = async <T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> => {
	const results: R[] = [];
	for (const part of chunks(all, atOnce)) results.push(...(await Promise.all(part.map(each))));
	return results;
};
