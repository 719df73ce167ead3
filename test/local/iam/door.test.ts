import { createServer, type Server } from 'node:http';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Authority, Role } from '../../../local/iam/authority.ts';
import { authorizer } from '../../../local/iam/authorizer.ts';
import { callLog } from '../../../local/iam/call-log.ts';
import { type Door, openDoor } from '../../../local/iam/door.ts';
import { evaluate } from '../../../local/iam/evaluate.ts';
import { keyring } from '../../../local/iam/keyring.ts';
import { dynamoDbNeeds } from '../../../local/iam/needs/dynamodb.ts';
import { snsNeeds } from '../../../local/iam/needs/sns.ts';
import { sqsNeeds } from '../../../local/iam/needs/sqs.ts';
import { ssmNeeds } from '../../../local/iam/needs/ssm.ts';
import { readPolicy } from '../../../local/iam/policy.ts';
import { dynamoDbProtocol, snsProtocol, sqsProtocol, ssmProtocol } from '../../../local/iam/protocols.ts';
import { close, listen } from '../../../local/listen.ts';

const account = '000000000000';
const table = `arn:aws:dynamodb:us-east-1:${account}:table`;
const tags: Record<string, Record<string, string>> = { 'i-1': { 's2s:router': 'true' }, 'mi-2': { 's2s:router': 'true' } };

describe('the door of a service', () => {
	let behind: Server;
	let came: string[] = [];
	let doors: Record<'dynamodb' | 'sqs' | 'sns' | 'ssm', Door>;
	const calls = callLog();
	const keys = keyring();
	const roleWith = (...statements: object[]): Role => ({
		principal: { role: `arn:aws:iam::${account}:role/fn` },
		policies: [readPolicy('p', { Version: '2012-10-17', Statement: statements }, 'identity')],
	});
	const allow = (Action: string, Resource: string | string[], Condition: object = {}) => ({
		Effect: 'Allow',
		Action,
		Resource,
		Condition,
	});
	const as = (...statements: object[]) => keys.begin(roleWith(...statements), 'a test').credentials;
	const region = 'us-east-1';

	beforeAll(async () => {
		behind = createServer((request, response) => {
			came.push(String(request.headers.authorization));
			request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}'));
		});
		const to = await listen(behind);
		const authority: Pick<Authority, 'decide'> = {
			decide: (caller, need) =>
				evaluate({ principal: caller.principal, ...need }, { identity: 'policies' in caller ? caller.policies : [] }),
		};
		const authorize = authorizer({ authority, calls });
		const open = (protocol: typeof ssmProtocol, needs: Parameters<typeof openDoor>[0]['needs']) =>
			openDoor({ to, protocol, needs, keys, authorize });
		doors = {
			dynamodb: await open(dynamoDbProtocol, dynamoDbNeeds),
			sqs: await open(sqsProtocol, sqsNeeds),
			sns: await open(snsProtocol, snsNeeds),
			ssm: await open(ssmProtocol, ssmNeeds({ tagsOf: (id) => tags[id] ?? {}, keyOf: () => undefined })),
		};
	});
	beforeEach(() => {
		came = [];
	});
	afterAll(async () => {
		for (const one of Object.values(doors ?? {})) await one.stop();
		await close(behind);
	});

	it.each<[string, string, () => Promise<unknown>]>([
		[
			'DynamoDB',
			'AccessDeniedException',
			() =>
				new DynamoDBClient({ region, endpoint: doors.dynamodb.url, credentials: as() }).send(
					new GetItemCommand({ TableName: 'rows', Key: { id: { S: '1' } } }),
				),
		],
		[
			'SQS',
			'AccessDenied',
			() =>
				new SQSClient({ region, endpoint: doors.sqs.url, credentials: as() }).send(
					new SendMessageCommand({ QueueUrl: `${doors.sqs.url}/${account}/work`, MessageBody: '{}' }),
				),
		],
		[
			'SNS',
			'AuthorizationErrorException',
			() =>
				new SNSClient({ region, endpoint: doors.sns.url, credentials: as() }).send(
					new PublishCommand({ TopicArn: `arn:aws:sns:${region}:${account}:t`, Message: 'm' }),
				),
		],
		[
			'SSM',
			'AccessDeniedException',
			() =>
				new SSMClient({ region, endpoint: doors.ssm.url, credentials: as() }).send(
					new PutParameterCommand({ Name: '/a/b', Value: 'v', Type: 'SecureString' }),
				),
		],
	])('of %s refuses as the service does, and lets nothing through', async (_, name, call) => {
		await expect(call()).rejects.toMatchObject({
			name,
			message: expect.stringMatching(
				/^User: arn:aws:sts::000000000000:assumed-role\/fn\/\S+ is not authorized to perform: \w+:\w+ on resource: arn:/,
			),
		});

		expect(came).toEqual([]);
	});

	it.each<[string, string, (credentials: { accessKeyId: string; secretAccessKey: string }) => Promise<unknown>]>([
		[
			'DynamoDB',
			'UnrecognizedClientException',
			(credentials) =>
				new DynamoDBClient({ region, endpoint: doors.dynamodb.url, credentials }).send(
					new GetItemCommand({ TableName: 'rows', Key: { id: { S: '1' } } }),
				),
		],
		[
			'SNS',
			'InvalidClientTokenId',
			(credentials) =>
				new SNSClient({ region, endpoint: doors.sns.url, credentials }).send(
					new PublishCommand({ TopicArn: `arn:aws:sns:${region}:${account}:t`, Message: 'm' }),
				),
		],
	])('of %s rejects an access key that it did not issue', async (_, name, call) => {
		const session = keys.begin(roleWith(allow('*', '*')), 'a test');
		session.end();

		await expect(call({ accessKeyId: 'local', secretAccessKey: 'local' })).rejects.toMatchObject({ name });
		await expect(call(session.credentials)).rejects.toMatchObject({ name });
		expect(came).toEqual([]);
	});

	it('lets permitted callers through under one and the same access key, since the local DynamoDB keeps a database for each key', async () => {
		for (const credentials of [as(allow('dynamodb:GetItem', `${table}/rows`)), as(allow('dynamodb:*', '*'))]) {
			const client = new DynamoDBClient({ region, endpoint: doors.dynamodb.url, credentials });
			await client.send(new GetItemCommand({ TableName: 'rows', Key: { id: { S: '1' } } }));
		}

		expect(came.map((one) => /Credential=[^/]+/.exec(one)?.[0])).toEqual(['Credential=local', 'Credential=local']);
	});

	it('refuses an unknown operation to everybody', async () => {
		const answer = await fetch(doors.dynamodb.url, {
			method: 'POST',
			headers: {
				'x-amz-target': 'DynamoDB_20120810.ExecuteStatement',
				authorization: `AWS4-HMAC-SHA256 Credential=${as(allow('*', '*')).accessKeyId}/20260101/x`,
			},
			body: '{}',
		});

		expect(answer.status).toBe(400);
		expect(await answer.text()).toContain('ExecuteStatement is not known here');
	});

	it('requires the rights of every single write of a transaction', async () => {
		const item = { TableName: 'rows', Key: { id: { S: '1' } } };
		const transact = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
			new DynamoDBClient({ region, endpoint: doors.dynamodb.url, credentials }).send(
				new TransactWriteItemsCommand({
					TransactItems: [
						{ Put: { TableName: 'rows', Item: { id: { S: '2' } } } },
						{ ConditionCheck: { ...item, ConditionExpression: 'attribute_exists(id)' } },
					],
				}),
			);

		await expect(transact(as(allow('dynamodb:PutItem', `${table}/rows`)))).rejects.toThrow('dynamodb:ConditionCheckItem');
		await expect(transact(as(allow('dynamodb:TransactWriteItems', `${table}/rows`)))).rejects.toThrow('dynamodb:PutItem');
		await transact(as(allow('dynamodb:PutItem', `${table}/rows`), allow('dynamodb:ConditionCheckItem', `${table}/rows`)));
	});

	describe('of Run Command', () => {
		const document = `arn:aws:ssm:us-east-1:${account}:document/check`;
		const instances = [`arn:aws:ec2:us-east-1:${account}:instance/*`, `arn:aws:ssm:us-east-1:${account}:managed-instance/*`];
		const condition = (key: string) => ({ StringEquals: { [key]: 'true' } });
		const send = (ids: string[], ...statements: object[]) =>
			new SSMClient({ region, endpoint: doors.ssm.url, credentials: as(...statements) }).send(
				new SendCommandCommand({ DocumentName: 'check', InstanceIds: ids }),
			);

		it.each(['aws:ResourceTag/s2s:router', 'ssm:resourceTag/s2s:router'])(
			'authorizes instances by their tag, as %s',
			async (key) => {
				await send(['i-1', 'mi-2'], allow('ssm:SendCommand', document), {
					...allow('ssm:SendCommand', instances),
					Condition: condition(key),
				});

				expect(came).toHaveLength(1);
			},
		);

		it('fails the whole call for one instance without the tag, and names that one', async () => {
			const statements = [
				allow('ssm:SendCommand', document),
				allow('ssm:SendCommand', instances, condition('aws:ResourceTag/s2s:router')),
			];

			await expect(send(['i-1', 'i-9', 'mi-2'], ...statements)).rejects.toMatchObject({
				name: 'AccessDeniedException',
				message: expect.stringMatching(/ssm:SendCommand on resource: arn:aws:ec2:us-east-1:000000000000:instance\/i-9 because/),
			});
			expect(came).toEqual([]);
		});

		it('requires the right to the document as well', async () => {
			await expect(send(['i-1'], allow('ssm:SendCommand', instances))).rejects.toThrow('document/check');
		});
	});

	it('records each kind of call once, with its count', () => {
		const log = callLog();
		const call = { principal: { role: 'r' }, action: 'sqs:SendMessage', resource: 'q', flow: 'tick', allowed: true };
		for (let n = 0; n < 3; n++) log.add(call);
		log.add({ ...call, flow: 'check' });

		expect(log.list()).toEqual([
			{ ...call, count: 3 },
			{ ...call, flow: 'check', count: 1 },
		]);
	});

	it('drops the oldest record when there are too many', () => {
		const log = callLog();
		for (let n = 0; n < 20_010; n++)
			log.add({ principal: { role: 'r' }, action: 'ssm:PutParameter', resource: `p${n}`, flow: 'f', allowed: true });

		expect(log.list()).toHaveLength(20_000);
		expect(log.list()[0]?.resource).toBe('p10');
	});
});
