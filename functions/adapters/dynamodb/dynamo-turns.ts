import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Turns } from '../../ports.ts';

/** Longer than any turn lasts. */
const keptSeconds = 86_400;

/** Turns, in the control table. */
export const dynamoTurns = (client: DynamoDBDocumentClient, table: string): Turns => ({
	async take(key, now, seconds) {
		const at = now.getTime();
		try {
			await client.send(
				new UpdateCommand({
					TableName: table,
					Key: { id: `turn#${key}` },
					UpdateExpression: 'SET takenAt = :now, expiresAt = :expires',
					ConditionExpression: 'attribute_not_exists(takenAt) OR takenAt <= :before',
					ExpressionAttributeValues: {
						':now': at,
						':before': at - seconds * 1_000,
						':expires': Math.floor(at / 1_000) + keptSeconds,
					},
				}),
			);
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	},
	async spend(key, most, until) {
		try {
			await client.send(
				new UpdateCommand({
					TableName: table,
					Key: { id: `quota#${key}` },
					UpdateExpression: 'ADD spent :one SET expiresAt = :expires',
					ConditionExpression: 'attribute_not_exists(spent) OR spent < :most',
					ExpressionAttributeValues: { ':one': 1, ':most': most, ':expires': Math.floor(until.getTime() / 1_000) + keptSeconds },
				}),
			);
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	},
});
