import {
	ConditionalCheckFailedException,
	DeleteItemCommand,
	type DynamoDBClient,
	GetItemCommand,
	PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { IdempotencyRecord, Requests } from '../../ports.ts';

const idOf = (key: string): string => `request#${key}`;

/** Requests under an Idempotency-Key, in the control table. */
export const dynamoRequests = (client: DynamoDBClient, table: string): Requests => ({
	async begin(key, requestHash, expiresAt) {
		const id = idOf(key);
		try {
			await client.send(
				new PutItemCommand({
					TableName: table,
					Item: marshall({ id, requestHash, expiresAt }),
					// DynamoDB removes what has expired some days late.
					ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
					ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
				}),
			);
			return undefined;
		} catch (error) {
			if (!(error instanceof ConditionalCheckFailedException)) throw error;
		}
		const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true }));
		return Item === undefined ? { requestHash } : (unmarshall(Item) as IdempotencyRecord);
	},
	async finish(key, record, expiresAt) {
		const Item = marshall({ id: idOf(key), ...record, expiresAt }, { removeUndefinedValues: true });
		await client.send(new PutItemCommand({ TableName: table, Item }));
	},
	async forget(key) {
		await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: idOf(key) } } }));
	},
});
