import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { IdempotencyRecord, Requests } from '../../ports.ts';

import { requestId } from './request-id.ts';

/** Requests under an Idempotency-Key, in the control table. */
export const dynamoRequests = (client: DynamoDBDocumentClient, table: string): Requests => ({
	async begin(key, requestHash, expiresAt) {
		try {
			await client.send(
				new PutCommand({
					TableName: table,
					Item: { id: requestId(key), requestHash, expiresAt },
					// DynamoDB removes what has expired some days late.
					ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
					ExpressionAttributeValues: { ':now': Math.floor(Date.now() / 1000) },
					ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
				}),
			);
			return undefined;
		} catch (error) {
			if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
			return unmarshall(error.Item) as IdempotencyRecord;
		}
	},
	async finish(key, record, expiresAt) {
		await client.send(new PutCommand({ TableName: table, Item: { id: requestId(key), ...record, expiresAt } }));
	},
	async forget(key) {
		try {
			await client.send(
				new DeleteCommand({ TableName: table, Key: { id: requestId(key) }, ConditionExpression: 'attribute_not_exists(made)' }),
			);
		} catch (error) {
			if (!(error instanceof ConditionalCheckFailedException)) throw error;
		}
	},
});
