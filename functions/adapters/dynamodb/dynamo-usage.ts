import {
	type DynamoDBDocumentClient,
	paginateQuery,
	paginateScan,
	type QueryCommandOutput,
	type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { TooMuchUsage, type Usage, type UsageRow, type UsageTotal } from '../../ports.ts';
import { allItems } from './all-items.ts';
import type { Item } from './items.ts';

/** A number of a row that is no safe integer is read as a BigInt, which adds up with no other. */
const rowOf = (item: Item): UsageRow =>
	({ ...item, bytesIn: Number(item['bytesIn']), bytesOut: Number(item['bytesOut']) }) as UsageRow;

/** A request has 20 s. */
const patienceMs = 14_000;
/** An answer of Lambda has 6 MB. */
const mostConnections = 40_000;

/** Added up as they come: the rows of a fleet are more than a function holds. */
const totalsOf = async (pages: AsyncIterable<QueryCommandOutput | ScanCommandOutput>, end: number): Promise<UsageTotal[]> => {
	const totals = new Map<string, UsageTotal>();
	for await (const { Items = [], LastEvaluatedKey } of pages) {
		for (const { connectionId, accountId, bytesIn, bytesOut } of Items.map(rowOf)) {
			const total = totals.get(connectionId);
			if (total === undefined) totals.set(connectionId, { connectionId, accountId, bytesIn, bytesOut });
			else Object.assign(total, { bytesIn: total.bytesIn + bytesIn, bytesOut: total.bytesOut + bytesOut });
		}
		if (totals.size > mostConnections || (LastEvaluatedKey !== undefined && Date.now() > end))
			throw new TooMuchUsage(`${totals.size} connections so far`);
	}
	return [...totals.values()];
};

export const dynamoUsage = (client: DynamoDBDocumentClient, table: string, mostMs = patienceMs): Usage => {
	const within = {
		TableName: table,
		ExpressionAttributeNames: { '#hour': 'hour' },
	};
	const bytes = { ProjectionExpression: 'connectionId, accountId, bytesIn, bytesOut' };
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
		async ofAccount(accountId, window) {
			const pages = paginateQuery(
				{ client },
				{
					...within,
					...bytes,
					IndexName: 'byAccount',
					KeyConditionExpression: 'accountId = :id AND #hour BETWEEN :from AND :to',
					ExpressionAttributeValues: { ':id': accountId, ...hours(window) },
				},
			);
			return totalsOf(pages, Date.now() + mostMs);
		},
		async ofAll(window) {
			const pages = paginateScan(
				{ client },
				{ ...within, ...bytes, FilterExpression: '#hour BETWEEN :from AND :to', ExpressionAttributeValues: hours(window) },
			);
			return totalsOf(pages, Date.now() + mostMs);
		},
	};
};
