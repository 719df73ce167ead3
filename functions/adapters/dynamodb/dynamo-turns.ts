import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Turns } from '../../ports.ts';

/** Longer than any turn lasts. */
const keptSeconds = 86_400;

/** Turns, in the control table. */
export const dynamoTurns = (client: DynamoDBDocumentClient, table: string): Turns => {
	/** Whether the condition was met, and so the update made. */
	const isMade = async (update: Omit<UpdateCommandInput, 'TableName'>): Promise<boolean> => {
		try {
			await client.send(new UpdateCommand({ TableName: table, ...update }));
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	};
	return {
		take(key, now, seconds) {
			const at = now.getTime();
			return isMade({
				Key: { id: `turn#${key}` },
				UpdateExpression: 'SET takenAt = :now, expiresAt = :expires',
				ConditionExpression: 'attribute_not_exists(takenAt) OR takenAt <= :before',
				ExpressionAttributeValues: {
					':now': at,
					':before': at - seconds * 1_000,
					':expires': Math.floor(at / 1_000) + keptSeconds,
				},
			});
		},
		async giveBack(key) {
			await client.send(new DeleteCommand({ TableName: table, Key: { id: `turn#${key}` } }));
		},
		spend: (key, most, until) =>
			isMade({
				Key: { id: `quota#${key}` },
				UpdateExpression: 'ADD spent :one SET expiresAt = :expires',
				ConditionExpression: 'attribute_not_exists(spent) OR spent < :most',
				ExpressionAttributeValues: { ':one': 1, ':most': most, ':expires': Math.floor(until.getTime() / 1_000) + keptSeconds },
			}),
	};
};
