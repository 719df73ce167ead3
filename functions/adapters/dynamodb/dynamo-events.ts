import { ConditionalCheckFailedException, type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Event } from '../../domain/model/event.ts';
import { shardOf } from '../../domain/monitoring/due.ts';
import { type Events, indexShards } from '../../ports.ts';
import { eventOfItem } from './event-item.ts';
import type { Item } from './items.ts';

const mostOwed = 5_000;
/** So many calls at a time. */
const atOnce = 50;

export const dynamoEvents = (client: DynamoDBClient, table: string): Events => {
	const key = ({ subject, id }: Event): Item => ({ connectionId: { S: subject.id }, id: { S: id } });

	const owedOfShard = async (shard: string, filter: { expression: string; values: Item }, most: number): Promise<Event[]> => {
		const found: Event[] = [];
		let ExclusiveStartKey: Item | undefined;
		do {
			const answer = await client.send(
				new QueryCommand({
					TableName: table,
					IndexName: 'byOwed',
					KeyConditionExpression: 'owedShard = :shard',
					FilterExpression: filter.expression,
					ExpressionAttributeValues: { ':shard': { S: shard }, ...filter.values },
					...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
				}),
			);
			found.push(...(answer.Items ?? []).map(eventOfItem));
			ExclusiveStartKey = answer.LastEvaluatedKey;
		} while (ExclusiveStartKey !== undefined && found.length < most);
		return found.slice(0, most);
	};

	return {
		async list(connectionId, { limit, after }) {
			const { Items = [], LastEvaluatedKey } = await client.send(
				new QueryCommand({
					TableName: table,
					KeyConditionExpression: 'connectionId = :id',
					ExpressionAttributeValues: { ':id': { S: connectionId } },
					ScanIndexForward: false,
					ConsistentRead: true,
					Limit: limit,
					...(after === undefined ? {} : { ExclusiveStartKey: { connectionId: { S: connectionId }, id: { S: after } } }),
				}),
			);
			const next = LastEvaluatedKey?.['id']?.S;
			// DynamoDB removes what has expired some days late.
			const items = Items.map(eventOfItem).filter(({ expiresAt }) => expiresAt > Date.now() / 1000);
			return { items, ...(next === undefined ? {} : { next }) };
		},
		owed: (accountId) =>
			owedOfShard(shardOf(accountId), { expression: 'accountId = :account', values: { ':account': { S: accountId } } }, mostOwed),
		async accountsOwed(before) {
			const filter = { expression: 'alert.owedAt < :before', values: { ':before': { S: before } } };
			const shards = Array.from({ length: indexShards }, (_, shard) => owedOfShard(String(shard), filter, mostOwed));
			return [...new Set((await Promise.all(shards)).flat().map(({ accountId }) => accountId))];
		},
		async claim([leader, ...others], { messageId, now, until }) {
			const hold = async (event: Event, leads: boolean): Promise<Event[]> => {
				try {
					await client.send(
						new UpdateItemCommand({
							TableName: table,
							Key: key(event),
							UpdateExpression:
								'SET alert.messageId = :message, alert.leads = :leads, alert.triedAt = :now, alert.heldUntil = :until',
							ConditionExpression:
								'attribute_exists(owedShard) AND (attribute_not_exists(alert.heldUntil) OR alert.heldUntil < :now)',
							ExpressionAttributeValues: {
								':message': { S: messageId },
								':leads': { BOOL: leads },
								':now': { S: now },
								':until': { S: until },
							},
						}),
					);
					return [event];
				} catch (error) {
					return ignoreUnmet(error, []);
				}
			};
			const held = (await inParts(others, (event) => hold(event, false))).flat();
			if (held.length === others.length && (await hold(leader, true)).length === 1) return true;
			await inParts(held, async (event) => {
				try {
					await client.send(
						new UpdateItemCommand({
							TableName: table,
							Key: key(event),
							UpdateExpression: 'REMOVE alert.heldUntil',
							ConditionExpression: 'alert.messageId = :message AND alert.heldUntil = :until',
							ExpressionAttributeValues: { ':message': { S: messageId }, ':until': { S: until } },
						}),
					);
				} catch (error) {
					ignoreUnmet(error, undefined);
				}
			});
			return false;
		},
		async pay([leader, ...others], paidAt) {
			const pay = (event: Event) =>
				client.send(
					new UpdateItemCommand({
						TableName: table,
						Key: key(event),
						UpdateExpression: 'SET alert.paidAt = :paidAt REMOVE owedShard, alert.heldUntil',
						ConditionExpression: 'attribute_exists(alert)',
						ExpressionAttributeValues: { ':paidAt': { S: paidAt } },
					}),
				);
			await inParts(others, pay);
			await pay(leader);
		},
	};
};

/** Another sender was there first. */
const ignoreUnmet = <T>(error: unknown, otherwise: T): T => {
	if (error instanceof ConditionalCheckFailedException) return otherwise;
	throw error;
};

const inParts = async <T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> => {
	const results: R[] = [];
	for (let from = 0; from < all.length; from += atOnce) {
		results.push(...(await Promise.all(all.slice(from, from + atOnce).map(each))));
	}
	return results;
};
