import { type DynamoDBClient, QueryCommand, type QueryCommandOutput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Usage, UsageRow } from '../../ports.ts';
import type { Item } from './items.ts';

export const dynamoUsage = (client: DynamoDBClient, table: string): Usage => {
	const all = async (page: (start: Item | undefined) => Promise<Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'>>) => {
		const rows: UsageRow[] = [];
		let start: Item | undefined;
		do {
			const { Items = [], LastEvaluatedKey } = await page(start);
			rows.push(...Items.map((item) => unmarshall(item) as UsageRow));
			start = LastEvaluatedKey;
		} while (start !== undefined);
		return rows;
	};
	const started = (start: Item | undefined) => (start === undefined ? {} : { ExclusiveStartKey: start });
	// The end of a BETWEEN belongs to it; hours are whole, so that the instant before the end leaves it out.
	const hours = ({ from, to }: { from: string; to: string }) => ({
		':from': { S: from },
		':to': { S: new Date(Date.parse(to) - 1).toISOString() },
	});

	return {
		ofConnection: (connectionId, window) =>
			all((start) =>
				client.send(
					new QueryCommand({
						TableName: table,
						KeyConditionExpression: 'connectionId = :id AND #hour BETWEEN :from AND :to',
						ExpressionAttributeNames: { '#hour': 'hour' },
						ExpressionAttributeValues: { ':id': { S: connectionId }, ...hours(window) },
						...started(start),
					}),
				),
			),
		ofAccount: (accountId, window) =>
			all((start) =>
				client.send(
					new QueryCommand({
						TableName: table,
						IndexName: 'byAccount',
						KeyConditionExpression: 'accountId = :id AND #hour BETWEEN :from AND :to',
						ExpressionAttributeNames: { '#hour': 'hour' },
						ExpressionAttributeValues: { ':id': { S: accountId }, ...hours(window) },
						...started(start),
					}),
				),
			),
		ofAll: (window) =>
			all((start) =>
				client.send(
					new ScanCommand({
						TableName: table,
						FilterExpression: '#hour BETWEEN :from AND :to',
						ExpressionAttributeNames: { '#hour': 'hour' },
						ExpressionAttributeValues: hours(window),
						...started(start),
					}),
				),
			),
	};
};
