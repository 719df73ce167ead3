import {
	CreateTableCommand,
	DescribeTableCommand,
	type DynamoDBClient,
	ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { Resolve, Stack } from '../stack.ts';

type TableProperties = {
	TableName: string;
	AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
	KeySchema: { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
	GlobalSecondaryIndexes?: {
		IndexName: string;
		KeySchema: TableProperties['KeySchema'];
		Projection: { ProjectionType: 'ALL' };
	}[];
};

/** Makes the app's tables, as far as they are not there from an earlier run. */
export const createTables = async (
	stack: Stack,
	{ resolve, client }: { resolve: Resolve; client: DynamoDBClient },
): Promise<void> => {
	for (const resource of stack.ofType('AWS::DynamoDB::GlobalTable')) {
		const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = resolve(resource) as TableProperties;
		try {
			await client.send(new DescribeTableCommand({ TableName }));
		} catch (error) {
			if (!(error instanceof ResourceNotFoundException)) throw error;
			await client.send(
				new CreateTableCommand({
					TableName,
					AttributeDefinitions,
					KeySchema,
					GlobalSecondaryIndexes,
					BillingMode: 'PAY_PER_REQUEST',
				}),
			);
		}
	}
};
