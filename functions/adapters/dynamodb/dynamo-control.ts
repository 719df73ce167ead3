import {
	ConditionalCheckFailedException,
	DeleteItemCommand,
	type DynamoDBClient,
	GetItemCommand,
	PutItemCommand,
	QueryCommand,
	UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { shardOf } from '../../domain/monitoring/due.ts';
import { type Control, type IdempotencyRecord, indexShards, type SecretIntent } from '../../ports.ts';
import type { Item } from './items.ts';

const requestId = (key: string): string => `request#${key}`;
const intentId = (id: string): string => `intent#${id}`;
/** A crash may leave an intent that nobody finishes; the tick does so within minutes. */
const intentDays = 7;

export const dynamoControl = (client: DynamoDBClient, table: string): Control => {
	const put = (record: object, expiresAt: number, condition?: string) =>
		client.send(
			new PutItemCommand({
				TableName: table,
				Item: marshall({ ...record, expiresAt }, { removeUndefinedValues: true }),
				...(condition === undefined
					? {}
					: {
							ConditionExpression: condition,
							ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
						}),
			}),
		);
	const remove = async (id: string) => {
		await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: id } } }));
	};

	return {
		async beginRequest(key, requestHash, expiresAt) {
			const id = requestId(key);
			try {
				// DynamoDB removes what has expired some days late.
				await put({ id, requestHash }, expiresAt, 'attribute_not_exists(id) OR expiresAt < :now');
				return undefined;
			} catch (error) {
				if (!(error instanceof ConditionalCheckFailedException)) throw error;
			}
			const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true }));
			return Item === undefined ? { requestHash } : (unmarshall(Item) as IdempotencyRecord);
		},
		async finishRequest(key, record, expiresAt) {
			await put({ id: requestId(key), ...record }, expiresAt);
		},
		forgetRequest: (key) => remove(requestId(key)),
		async takeTurn(key, now, seconds) {
			const at = now.getTime();
			try {
				await client.send(
					new UpdateItemCommand({
						TableName: table,
						Key: { id: { S: `turn#${key}` } },
						UpdateExpression: 'SET takenAt = :now, expiresAt = :expires',
						ConditionExpression: 'attribute_not_exists(takenAt) OR takenAt <= :before',
						ExpressionAttributeValues: {
							':now': { N: String(at) },
							':before': { N: String(at - seconds * 1_000) },
							':expires': { N: String(Math.floor(at / 1_000) + 86_400) },
						},
					}),
				);
				return true;
			} catch (error) {
				if (error instanceof ConditionalCheckFailedException) return false;
				throw error;
			}
		},
		async putIntent(intent) {
			const expiresAt = Math.floor(Date.parse(intent.madeAt) / 1000) + intentDays * 86_400;
			await put({ ...intent, id: intentId(intent.id), intentShard: shardOf(intent.id) }, expiresAt);
		},
		removeIntent: (id) => remove(intentId(id)),
		async intentsBefore(madeAt) {
			const shards = Array.from({ length: indexShards }, async (_, shard) => {
				const { Items = [] } = await client.send(
					new QueryCommand({
						TableName: table,
						IndexName: 'byIntent',
						KeyConditionExpression: 'intentShard = :shard AND madeAt < :before',
						ExpressionAttributeValues: { ':shard': { S: String(shard) }, ':before': { S: madeAt } },
					}),
				);
				return Items.map(intentOf);
			});
			return (await Promise.all(shards)).flat();
		},
	};
};

const intentOf = (item: Item): SecretIntent => {
	const { id, accountId, customerGatewayId, madeAt } = unmarshall(item) as SecretIntent;
	return { id: id.replace(/^intent#/, ''), accountId, customerGatewayId, madeAt };
};
