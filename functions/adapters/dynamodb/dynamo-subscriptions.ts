import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Subscriptions } from '../../ports.ts';

export const dynamoSubscriptions = (client: DynamoDBClient, table: string): Subscriptions => {
	const key = (accountId: string, id: string) => ({ accountId: { S: accountId }, id: { S: id } });
	return {
		async get(accountId, id) {
			const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key(accountId, id), ConsistentRead: true }));
			return Item === undefined ? undefined : AlertSubscription.parse(unmarshall(Item));
		},
		async list(accountId, { limit, after }) {
			const { Items = [], LastEvaluatedKey } = await client.send(
				new QueryCommand({
					TableName: table,
					KeyConditionExpression: 'accountId = :account',
					ExpressionAttributeValues: { ':account': { S: accountId } },
					ConsistentRead: true,
					Limit: limit,
					...(after === undefined ? {} : { ExclusiveStartKey: key(accountId, after) }),
				}),
			);
			const next = LastEvaluatedKey?.['id']?.S;
			return {
				items: Items.map((item) => AlertSubscription.parse(unmarshall(item))),
				...(next === undefined ? {} : { next }),
			};
		},
		async put(item) {
			await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
		},
		async remove(accountId, id) {
			await client.send(new DeleteItemCommand({ TableName: table, Key: key(accountId, id) }));
		},
	};
};
