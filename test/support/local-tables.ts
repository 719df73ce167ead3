import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../functions/adapters/dynamodb/document-client.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';
import { localAccess } from './local-service.ts';

export const names = {
	accounts: 'accounts',
	vpcs: 'vpcs',
	vpnGateways: 'gateways',
	customerGateways: 'customers',
	connections: 'connections',
	events: 'events',
	control: 'control',
	usage: 'usage',
	alertSubscriptions: 'subscriptions',
};
const key = (hash: string, range?: string): KeySchemaElement[] => [
	{ AttributeName: hash, KeyType: 'HASH' },
	...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];
type Shape = { key: KeySchemaElement[]; indexes?: Record<string, KeySchemaElement[]> };
const byAccount = { byAccount: key('accountId', 'createdAt') };
const shapes: Record<keyof typeof names, Shape> = {
	accounts: { key: key('id') },
	vpcs: { key: key('id'), indexes: { ...byAccount, byDue: key('dueShard', 'id'), byDirty: key('dirtyShard', 'id') } },
	vpnGateways: { key: key('id'), indexes: byAccount },
	customerGateways: { key: key('id'), indexes: byAccount },
	connections: { key: key('id'), indexes: byAccount },
	events: { key: key('connectionId', 'id'), indexes: { byOwed: key('owedShard', 'id') } },
	alertSubscriptions: { key: key('accountId', 'id') },
	usage: { key: key('connectionId', 'hour'), indexes: { byAccount: key('accountId', 'hour') } },
	control: { key: key('id'), indexes: { byIntent: key('intentShard', 'madeAt') } },
};

/** A DynamoDB of the test's own with all tables, in memory. */
export const startLocalTables = async (): Promise<{
	client: DynamoDBDocumentClient;
	server: LocalDynamoDb;
	stop(): Promise<void>;
}> => {
	const server = await startDynamoDb({});
	const client = new DynamoDBClient(localAccess(server.url));
	for (const [table, { key: KeySchema, indexes = {} }] of Object.entries(shapes)) {
		const attributes = new Set([KeySchema, ...Object.values(indexes)].flat().map(({ AttributeName = '' }) => AttributeName));
		const GlobalSecondaryIndexes = Object.entries(indexes).map(([IndexName, schema]) => ({
			IndexName,
			KeySchema: schema,
			Projection: { ProjectionType: 'ALL' as const },
		}));
		await client.send(
			new CreateTableCommand({
				TableName: names[table as keyof typeof names],
				KeySchema,
				AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
				BillingMode: 'PAY_PER_REQUEST',
				...(GlobalSecondaryIndexes.length > 0 ? { GlobalSecondaryIndexes } : {}),
			}),
		);
	}
	return {
		client: documentClient(client),
		server,
		async stop() {
			client.destroy();
			await server.stop();
		},
	};
};
