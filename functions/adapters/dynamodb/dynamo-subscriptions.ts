import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { AlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Subscriptions } from '../../ports.ts';

/** How many an account has, beside them: the order of ids has it before all of them. */
const counterId = '#count';
/** Many at once compete for the count. */
const mostTries = 8;
const firstPauseMs = 20;

export const dynamoSubscriptions = (client: DynamoDBDocumentClient, table: string): Subscriptions => {
	const counted = (accountId: string, by: number) => ({
		TableName: table,
		Key: { accountId, id: counterId },
		UpdateExpression: 'ADD subscriptions :by',
		ExpressionAttributeValues: { ':by': by },
	});
	/** The code of each reason that a transaction was refused for; throws what is no condition. */
	const transact = async (TransactItems: NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>) => {
		for (let attempt = 1; ; attempt++) {
			try {
				await client.send(new TransactWriteCommand({ TransactItems }));
				return [];
			} catch (error) {
				if (!(error instanceof TransactionCanceledException)) throw error;
				const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
				if (codes.includes('ConditionalCheckFailed')) return codes;
				if (!codes.includes('TransactionConflict') || attempt >= mostTries) throw error;
				await pause(Math.random() * firstPauseMs * 2 ** attempt);
			}
		}
	};

	return {
		async get(accountId, id) {
			const { Item } = await client.send(new GetCommand({ TableName: table, Key: { accountId, id }, ConsistentRead: true }));
			return Item === undefined ? undefined : AlertSubscription.parse(Item);
		},
		async list(accountId, { limit, after }) {
			const { Items = [], LastEvaluatedKey } = await client.send(
				new QueryCommand({
					TableName: table,
					KeyConditionExpression: 'accountId = :account AND id > :counter',
					ExpressionAttributeValues: { ':account': accountId, ':counter': counterId },
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
		async add(item, most) {
			const [known, full] = await transact([
				{ Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(id)' } },
				{
					Update: {
						...counted(item.accountId, 1),
						ConditionExpression: 'attribute_not_exists(subscriptions) OR subscriptions < :most',
						ExpressionAttributeValues: { ':by': 1, ':most': most },
					},
				},
			]);
			if (known === 'ConditionalCheckFailed') return 'known';
			return full === 'ConditionalCheckFailed' ? 'full' : 'added';
		},
		async put(next) {
			try {
				await client.send(new PutCommand({ TableName: table, Item: next, ConditionExpression: 'attribute_exists(id)' }));
				return true;
			} catch (error) {
				if (error instanceof ConditionalCheckFailedException) return false;
				throw error;
			}
		},
		async remove({ accountId, id, askedAt }) {
			const asRead =
				askedAt === undefined
					? { ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(askedAt)' }
					: { ConditionExpression: 'askedAt = :asked', ExpressionAttributeValues: { ':asked': askedAt } };
			const refused = await transact([
				{ Delete: { TableName: table, Key: { accountId, id }, ...asRead } },
				{ Update: counted(accountId, -1) },
			]);
			return refused.length === 0;
		},
	};
};
