import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Subscriptions } from '../../ports.ts';

export const dynamoSubscriptions = (client: DynamoDBDocumentClient, table: string): Subscriptions => ({
	async get(accountId, id) {
		const { Item } = await client.send(new GetCommand({ TableName: table, Key: { accountId, id }, ConsistentRead: true }));
		return Item === undefined ? undefined : AlertSubscription.parse(Item);
	},
	async list(accountId, { limit, after }) {
		const { Items = [], LastEvaluatedKey } = await client.send(
			new QueryCommand({
				TableName: table,
				KeyConditionExpression: 'accountId = :account',
				ExpressionAttributeValues: { ':account': accountId },
				ConsistentRead: true,
				Limit: limit,
				...(after === undefined ? {} : { ExclusiveStartKey: { accountId, id: after } }),
			}),
		);
		const next: string | undefined = LastEvaluatedKey?.['id'];
		return {
			items: Items.map((item) => AlertSubscription.parse(item)),
			...(next === undefined ? {} : { next }),
			behind: ({ id }) => id,
		};
	},
	async put(next) {
		await client.send(new PutCommand({ TableName: table, Item: next }));
	},
	async remove(accountId, id) {
		await client.send(new DeleteCommand({ TableName: table, Key: { accountId, id } }));
	},
});
