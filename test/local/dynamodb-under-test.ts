import {
	CreateTableCommand,
	DynamoDBClient,
	QueryCommand,
	ScanCommand,
	type TransactWriteItem,
	TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type LocalDynamoDb, startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';
import { localAccess, localServices } from '../support/local-service.ts';

const { folder, running } = localServices('dynamodb');

export const start = async (dir: string): Promise<{ local: LocalDynamoDb; client: DynamoDBClient; stop(): Promise<void> }> => {
	const local = await startDynamoDb({ dir });
	const client = new DynamoDBClient({ ...localAccess(local.url), maxAttempts: 1 });
	return { local, client, stop: running(local, client) };
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
