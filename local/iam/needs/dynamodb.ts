import { arn, type Need } from '../need.ts';

type Input = {
	TableName: string;
	IndexName?: string;
	RequestItems: Record<string, unknown>;
	TransactItems: Partial<Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck' | 'Get', { TableName: string }>>[];
};

const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
const onTable = (action: string, name: string): Need => ({ action: `dynamodb:${action}`, resource: tableArn(name) });

/** An index is a resource of its own: who may query the table may not query it. */
const reads = new Set(['Query', 'Scan']);
const items = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'DescribeTable']);
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const inTransaction = {
	Put: 'PutItem',
	Update: 'UpdateItem',
	Delete: 'DeleteItem',
	ConditionCheck: 'ConditionCheckItem',
	Get: 'GetItem',
} as const;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamoDbNeeds = (operation: string, input: Input): Need[] | undefined => {
	if (items.has(operation)) return [onTable(operation, input.TableName)];
	if (reads.has(operation)) {
		const { TableName, IndexName } = input;
		return [onTable(operation, IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`)];
	}
	if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
		return Object.keys(input.RequestItems).map((name) => onTable(operation, name));
	}
	if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
		return input.TransactItems.flatMap((item) =>
			Object.entries(item).map(([kind, { TableName }]) => ({
				...onTable(inTransaction[kind as keyof typeof inTransaction], TableName),
				context: { 'dynamodb:EnclosingOperation': operation },
			})),
		);
	}
	return undefined;
};
