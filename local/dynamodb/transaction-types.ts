export type Item = Record<string, unknown>;
export type Condition = {
	ConditionExpression?: string;
	ExpressionAttributeNames?: Record<string, string>;
	ExpressionAttributeValues?: Item;
};
export type Action = Condition & {
	TableName: string;
	Item?: Item;
	Key?: Item;
	UpdateExpression?: string;
	ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
};
export type ActionKind = 'Put' | 'Delete' | 'Update' | 'ConditionCheck';
export type TransactItem = Partial<Record<ActionKind, Action>>;
export type Reason = { Code: string; Message?: string; Item?: Item };

/** What stood at a key before: what a roll-back puts back. */
export type Before = { table: string; key: Item; item: Item | undefined };

/** One call to dynalite; throws DynamoDbError for what it refuses. */
export type Call = (operation: string, input: object) => Promise<Record<string, unknown>>;

/** An error as DynamoDB answers it. */
export class DynamoDbError extends Error {
	readonly type: string;
	readonly details: object;
	constructor(type: string, message: string, details: object = {}) {
		super(message);
		this.type = type;
		this.details = details;
	}
}
