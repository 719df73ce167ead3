import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { bodyOf, close, listen } from '../listen.ts';
import { gate } from './gate.ts';
import { DynamoDbError, type TransactItem } from './transaction-types.ts';
import { type Call, cancelled, transactions } from './transactions.ts';

export type LocalDynamoDb = {
	url: string;
	/** The next so many transactions fail as those do that meet another on the same item. */
	injectConflicts(count: number): void;
	stop(): Promise<void>;
};

const target = 'DynamoDB_20120810.';
const contentType = 'application/x-amz-json-1.0';
/** AWS honours a ClientRequestToken for ten minutes. */
const tokenMs = 600_000;
const authorization =
	'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** dynalite, its data in `dir`, and in front of it what it lacks: transactions and time to live. */
export const startDynamoDb = async ({ dir }: { dir: string }): Promise<LocalDynamoDb> => {
	await mkdir(dir, { recursive: true });
	const store = dynalite({ path: join(dir, 'leveldb'), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
	const behind = await listen(store);
	const { pass, exclusively } = gate();
	const tokens = new Map<string, number>();
	let conflicts = 0;

	const call: Call = async (operation, input) => {
		const answer = await fetch(behind, {
			method: 'POST',
			headers: {
				'content-type': contentType,
				'x-amz-target': `${target}${operation}`,
				'x-amz-date': '20260101T000000Z',
				authorization,
			},
			body: JSON.stringify(input),
		});
		const body = (await answer.json()) as Record<string, unknown>;
		if (answer.ok) return body;
		throw new DynamoDbError(String(body['__type']).replace(/^.*#/, ''), String(body['message'] ?? body['Message']));
	};
	const transaction = transactions(call, dir);
	await transaction.recover();

	const transactWrite = async (input: { TransactItems: TransactItem[]; ClientRequestToken?: string }): Promise<object> => {
		const token = input.ClientRequestToken;
		for (const [known, at] of tokens) if (Date.now() - at > tokenMs) tokens.delete(known);
		if (token !== undefined && tokens.has(token)) return {};
		if (conflicts > 0) {
			conflicts--;
			throw cancelled(
				input.TransactItems.map(() => ({ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' })),
			);
		}
		await transaction.write(input.TransactItems);
		if (token !== undefined) tokens.set(token, Date.now());
		return {};
	};

	const transactGet = async ({ TransactItems }: { TransactItems: { Get: object }[] }): Promise<object> => ({
		Responses: await Promise.all(TransactItems.map(({ Get }) => call('GetItem', { ...Get, ConsistentRead: true }))),
	});

	const own: Record<string, (input: never) => Promise<object>> = {
		TransactWriteItems: (input) => exclusively(() => transactWrite(input)),
		TransactGetItems: (input) => exclusively(() => transactGet(input)),
		// Nothing expires by itself here: who reads an item looks at its expiry anyway.
		UpdateTimeToLive: async ({ TimeToLiveSpecification }: { TimeToLiveSpecification: object }) => ({ TimeToLiveSpecification }),
	};

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const operation = String(request.headers['x-amz-target'] ?? '').replace(target, '');
		const body = await bodyOf(request);
		const handler = own[operation];
		if (handler === undefined) return pass(() => forward(request, { response, body, to: behind }));
		try {
			send(response, 200, await handler(JSON.parse(body.toString()) as never));
		} catch (error) {
			if (!(error instanceof DynamoDbError)) throw error;
			const { type, message, details } = error;
			send(response, 400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, Message: message, ...details });
		}
	};
	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => {
			send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(error) });
		});
	});
	const url = await listen(server);
	return {
		url,
		injectConflicts: (count) => {
			conflicts = count;
		},
		async stop() {
			await close(server);
			await new Promise<void>((resolve) => {
				store.closeAllConnections();
				store.close(() => resolve());
			});
		},
	};
};

const send = (response: ServerResponse, status: number, body: object): void => {
	response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
};

const forward = async (
	request: IncomingMessage,
	{ response, body, to }: { response: ServerResponse; body: Buffer; to: string },
) => {
	const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
	const answer = await fetch(to, { method: 'POST', headers: headers as Record<string, string>, body });
	const crc = answer.headers.get('x-amz-crc32');
	response.writeHead(answer.status, { 'content-type': contentType, ...(crc === null ? {} : { 'x-amz-crc32': crc }) });
	response.end(Buffer.from(await answer.arrayBuffer()));
};
