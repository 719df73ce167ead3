import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { shardOf } from '../../domain/monitoring/due.ts';
import { indexShards, type SecretIntent, type SecretIntents } from '../../ports.ts';
import { allItems } from './all-items.ts';
import type { Item } from './items.ts';

const prefix = 'intent#';
/** A crash may leave an intent that nobody finishes; the tick does so within minutes. */
const keptSeconds = 7 * 86_400;

/** Intents, in the control table, where an index finds those that were left. */
export const dynamoSecretIntents = (client: DynamoDBDocumentClient, table: string): SecretIntents => ({
	async put(intent) {
		const expiresAt = Math.floor(Date.parse(intent.madeAt) / 1_000) + keptSeconds;
		const Item = { ...intent, id: `${prefix}${intent.id}`, intentShard: shardOf(intent.id), expiresAt };
		await client.send(new PutCommand({ TableName: table, Item }));
	},
	async remove(id) {
		await client.send(new DeleteCommand({ TableName: table, Key: { id: `${prefix}${id}` } }));
	},
	async madeBefore(madeAt) {
		const shards = Array.from({ length: indexShards }, (_, shard) =>
			allItems(
				paginateQuery(
					{ client },
					{
						TableName: table,
						IndexName: 'byIntent',
						KeyConditionExpression: 'intentShard = :shard AND madeAt < :before',
						ExpressionAttributeValues: { ':shard': String(shard), ':before': madeAt },
					},
				),
			),
		);
		return (await Promise.all(shards)).flat().map(intentOf);
	},
});

const intentOf = (item: Item): SecretIntent => {
	const { id, accountId, customerGatewayId, madeAt } = item as SecretIntent;
	return { id: id.slice(prefix.length), accountId, customerGatewayId, madeAt };
};
