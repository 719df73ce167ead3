import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Takes and returns items as plain objects, and leaves out fields that are undefined. */
export const documentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
	DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
