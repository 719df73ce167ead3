import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import dynalite from 'dynalite';
import { bodyOf, close, listenInside } from '../listen.ts';
import { type Answer, forwarder } from './forward.ts';
import { gate } from './gate.ts';
import { timeToLive } from './time-to-live.ts';
import { type Action, type Call, DynamoDbError, type TransactItem } from './transaction-types.ts';
import { cancelled, transactions } from './transactions.ts';

export type LocalDynamoDb = {
	url: string;
	/** The next so many transactions fail as those do that meet another on the same item. */
	injectConflicts(count: number): void;
	stop(): Promise<void>;
};
type TransactWrite = { TransactItems: TransactItem[]; ClientRequestToken?: string };

const target = 'DynamoDB_20120810.';
const contentType = 'application/x-amz-json-1.0';
const authorization =
	'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

type Options = {
	/** Where the data is kept; without it in memory, and gone at the end. */
	dir?: string;
	port?: number;
};

/** dynalite, and in front of it what it lacks: transactions, time to live, the item that failed a condition. */
export const startDynamoDb = async ({ dir, port = 0 }: Options): Promise<LocalDynamoDb> => {
	if (dir !== undefined) await mkdir(dir, { recursive: true });
	const path = dir === undefined ? {} : { path: join(dir, 'leveldb') };
	const store = dynalite({ ...path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
	// A connection kept for the next call must not be closed under it.
	store.keepAliveTimeout = 0;
	const behind = await listenInside(store);
	const { forward, send, close: closeForwarder } = forwarder(behind);
	const { pass, exclusively } = gate();
	let conflicts = 0;

	const call: Call = async (operation, input) => {
		const { status, body } = await send(
			{ 'content-type': contentType, 'x-amz-target': `${target}${operation}`, 'x-amz-date': '20260101T000000Z', authorization },
			JSON.stringify(input),
		);
		const answer = JSON.parse(body.toString()) as Record<string, unknown>;
		if (status === 200) return answer;
		throw new DynamoDbError(String(answer['__type']).replace(/^.*#/, ''), String(answer['message'] ?? answer['Message']));
	};
	const transaction = await transactions(call, dir);
	const expiry = await timeToLive(call, dir);

	const failIfInjected = (items: readonly unknown[]): void => {
		if (conflicts === 0) return;
		conflicts--;
		throw cancelled(items.map(() => ({ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' })));
	};

	const own: Record<string, (input: never) => Promise<object>> = {
		async TransactWriteItems({ TransactItems, ClientRequestToken }: TransactWrite) {
			failIfInjected(TransactItems);
			await transaction.write(TransactItems, ClientRequestToken);
			return {};
		},
		async TransactGetItems({ TransactItems }: { TransactItems: { Get: object }[] }) {
			failIfInjected(TransactItems);
			return { Responses: await Promise.all(TransactItems.map(({ Get }) => call('GetItem', { ...Get, ConsistentRead: true }))) };
		},
		UpdateTimeToLive: expiry.update,
		DescribeTimeToLive: expiry.describe,
		async UpdateContinuousBackups({ TableName }: { TableName: string }) {
			await call('DescribeTable', { TableName });
			return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED' } };
		},
	};

	/** A single write that shows, when its condition fails, the item that failed it. */
	const showing = async (request: IncomingMessage, body: Buffer, action: Action): Promise<Answer> => {
		const answer = await forward(request, body);
		if (answer.status === 200 || action.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return answer;
		const failure = JSON.parse(answer.body.toString()) as { __type: string };
		if (!failure.__type.endsWith('#ConditionalCheckFailedException')) return answer;
		const { item } = await transaction.before(action);
		return item === undefined ? answer : json(400, { ...failure, Item: item });
	};

	/** dynalite settles a table's status on a timer after its answer, and a stop between the two would leave the table unusable for good. */
	const settling = async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
		const answer = await forward(request, body);
		const { TableName } = JSON.parse(body.toString()) as { TableName: string };
		while (answer.status === 200 && (await isUnsettled(call, TableName))) await setTimeout(1);
		transaction.forget(TableName);
		return answer;
	};

	const answerTo = async (request: IncomingMessage): Promise<Answer> => {
		const body = await bodyOf(request);
		const operation = String(request.headers['x-amz-target'] ?? '').replace(target, '');
		if (['CreateTable', 'UpdateTable', 'DeleteTable'].includes(operation)) return pass(() => settling(request, body));
		const handler = Object.hasOwn(own, operation) ? own[operation] : undefined;
		if (handler === undefined && !body.includes('"ReturnValuesOnConditionCheckFailure"')) {
			return pass(() => forward(request, body));
		}
		const input: unknown = JSON.parse(body.toString());
		if (handler === undefined) return exclusively(() => showing(request, body, input as Action));
		try {
			return json(200, await exclusively(() => handler(input as never)));
		} catch (error) {
			if (!(error instanceof DynamoDbError)) throw error;
			const { type, message, details } = error;
			return json(400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, Message: message, ...details });
		}
	};

	const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
		const { status, headers, body } = await answerTo(request).catch((error: unknown) =>
			json(500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(error) }),
		);
		response.writeHead(status, headers).end(body);
	});
	const url = await listenInside(server, port);
	return {
		url,
		injectConflicts: (count) => {
			conflicts = count;
		},
		async stop() {
			await close(server);
			// A transaction under way is finished, not cut off.
			await exclusively(async () => {});
			closeForwarder();
			await new Promise<void>((resolve) => {
				store.closeAllConnections();
				store.close(() => resolve());
			});
		},
	};
};

const isUnsettled = async (call: Call, TableName: string): Promise<boolean> => {
	try {
		const { Table } = (await call('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
		return Table.TableStatus !== 'ACTIVE';
	} catch (error) {
		if (error instanceof DynamoDbError && error.type === 'ResourceNotFoundException') return false;
		throw error;
	}
};

const json = (status: number, content: object): Answer => ({
	status,
	headers: { 'content-type': contentType },
	body: Buffer.from(JSON.stringify(content)),
});
