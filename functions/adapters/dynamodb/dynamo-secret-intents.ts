import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { shardOf } from '../../domain/monitoring/due.ts';
import { indexShards, type SecretIntent, type SecretIntents } from '../../ports.ts';
import type { Item } from './items.ts';

const prefix = 'intent#';
/** A crash may leave an intent that nobody finishes; the tick does so within minutes. */
const keptSeconds = 7 * 86_400;

/** Intents, in the control table, where an index finds those that were left. */
export const dynamoSecretIntents = (client: DynamoDBClient, table: string): SecretIntents => ({
	async put(intent) {
		const expiresAt = Math.floor(Date.parse(intent.madeAt) / 1_000) + keptSeconds;
		const Item = marshall({ ...intent, id: `${prefix}${intent.id}`, intentShard: shardOf(intent.id), expiresAt });
		await client.send(new PutItemCommand({ TableName: table, Item }));
	},
	async remove(id) {
		await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: `${prefix}${id}` } } }));
	},
	async madeBefore(madeAt) {
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
});

const intentOf = (item: Item): SecretIntent => {
	const { id, accountId, customerGatewayId, madeAt } = unmarshall(item) as SecretIntent;
	return { id: id.slice(prefix.length), accountId, customerGatewayId, madeAt };
};
