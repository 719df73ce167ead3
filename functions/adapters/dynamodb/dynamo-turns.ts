import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Turns } from '../../ports.ts';

/** Longer than any turn lasts. */
const keptSeconds = 86_400;

/** Turns, in the control table. */
export const dynamoTurns = (client: DynamoDBClient, table: string): Turns => ({
	async take(key, now, seconds) {
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
						':expires': { N: String(Math.floor(at / 1_000) + keptSeconds) },
					},
				}),
			);
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	},
});
