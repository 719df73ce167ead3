import {
	type DynamoDBDocumentClient,
	paginateQuery,
	paginateScan,
	type QueryCommandOutput,
	type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { Usage, UsagePages, UsageRow } from '../../ports.ts';
import { allItems } from './all-items.ts';
import type { Item } from './items.ts';

/** A number of a row that is no safe integer is read as a BigInt, which adds up with no other. */
const rowOf = (item: Item): UsageRow =>
	({ ...item, bytesIn: Number(item['bytesIn']), bytesOut: Number(item['bytesOut']) }) as UsageRow;

async function* rowsOf(pages: AsyncIterable<QueryCommandOutput | ScanCommandOutput>): UsagePages {
	for await (const { Items = [] } of pages) yield Items.map(rowOf);
}

export const dynamoUsage = (client: DynamoDBDocumentClient, table: string): Usage => {
	const within = {
		TableName: table,
		ExpressionAttributeNames: { '#hour': 'hour' },
	};
	// The end of a BETWEEN belongs to it; hours are whole, so that the instant before the end leaves it out.
	const hours = ({ from, to }: { from: string; to: string }) => ({
		':from': from,
		':to': new Date(Date.parse(to) - 1).toISOString(),
	});

	return {
		async ofConnection(connectionId, window) {
			const pages = paginateQuery(
				{ client },
				{
					...within,
					KeyConditionExpression: 'connectionId = :id AND #hour BETWEEN :from AND :to',
					ExpressionAttributeValues: { ':id': connectionId, ...hours(window) },
				},
			);
			return (await allItems(pages)).map(rowOf);
		},
		ofAccount(accountId, window) {
			const pages = paginateQuery(
				{ client },
				{
					...within,
					IndexName: 'byAccount',
					KeyConditionExpression: 'accountId = :id AND #hour BETWEEN :from AND :to',
					ExpressionAttributeValues: { ':id': accountId, ...hours(window) },
				},
			);
			return rowsOf(pages);
		},
		ofAll(window) {
			const pages = paginateScan(
				{ client },
				{ ...within, FilterExpression: '#hour BETWEEN :from AND :to', ExpressionAttributeValues: hours(window) },
			);
			return rowsOf(pages);
		},
	};
};
