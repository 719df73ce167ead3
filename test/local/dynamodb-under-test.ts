import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	CreateTableCommand,
	DynamoDBClient,
	QueryCommand,
	ScanCommand,
	type TransactWriteItem,
	TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type LocalDynamoDb, startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';

const cleanups: (() => Promise<void>)[] = [];
/** For afterAll: stops what was started, then removes its folders. */
export const stopAll = async (): Promise<void> => {
	for (const cleanup of cleanups.reverse()) await cleanup();
};

const folder = async (): Promise<string> => {
	const dir = await mkdtemp(join(tmpdir(), 'dynamodb-'));
	cleanups.push(() => rm(dir, { recursive: true }));
	return dir;
};

export const start = async (dir: string): Promise<{ local: LocalDynamoDb; client: DynamoDBClient; stop(): Promise<void> }> => {
	const local = await startDynamoDb({ dir });
	const client = new DynamoDBClient({
		region: 'us-east-1',
		endpoint: local.url,
		credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
		maxAttempts: 1,
	});
	let running = true;
	const stop = async (): Promise<void> => {
		if (!running) return;
		running = false;
		client.destroy();
		await local.stop();
	};
	cleanups.push(stop);
	return { local, client, stop };
};

export const TableName = 'things';
const createTable = (client: DynamoDBClient) =>
	client.send(
		new CreateTableCommand({
			TableName,
			BillingMode: 'PAY_PER_REQUEST',
			AttributeDefinitions: ['id', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
			KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
			GlobalSecondaryIndexes: [
				{
					IndexName: 'byOwner',
					KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
					Projection: { ProjectionType: 'ALL' },
				},
			],
		}),
	);
export const startWithTable = async () => {
	const dir = await folder();
	const started = await start(dir);
	await createTable(started.client);
	return { dir, ...started };
};

export const thing = (id: string, owner = 'ann') => ({ id: { S: id }, owner: { S: owner } });
export const put = (id: string, owner?: string): TransactWriteItem => ({ Put: { TableName, Item: thing(id, owner) } });
export const absent = 'attribute_not_exists(id)';
export const write = (client: DynamoDBClient, TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
	client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
export const idsOf = async (client: DynamoDBClient): Promise<(string | undefined)[]> =>
	((await client.send(new ScanCommand({ TableName }))).Items ?? []).map((item) => item['id']?.S).sort();
export const ownedBy = async (client: DynamoDBClient, owner: string) => {
	const found = await client.send(
		new QueryCommand({
			TableName,
			IndexName: 'byOwner',
			KeyConditionExpression: '#o = :o',
			ExpressionAttributeNames: { '#o': 'owner' },
			ExpressionAttributeValues: { ':o': { S: owner } },
		}),
	);
	return (found.Items ?? []).map((item) => item['id']?.S);
};
