import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type GatewayRoute, httpApi } from './api/gateway.ts';
import { localIssuer } from './api/issuer.ts';
import { localCalls } from './api/local-calls.ts';
import { startDynamoDb } from './dynamodb/start-dynamodb.ts';
import { authorityOf } from './iam/authority.ts';
import { type Authorize, authorizer } from './iam/authorizer.ts';
import { type Call, callLog } from './iam/call-log.ts';
import { openDoor } from './iam/door.ts';
import { invokedBy } from './iam/invoked-by.ts';
import { keyring } from './iam/keyring.ts';
import { arn } from './iam/need.ts';
import { dynamoDbNeeds } from './iam/needs/dynamodb.ts';
import { snsNeeds } from './iam/needs/sns.ts';
import { sqsNeeds } from './iam/needs/sqs.ts';
import { ssmNeeds } from './iam/needs/ssm.ts';
import { dynamoDbProtocol, snsProtocol, sqsProtocol, ssmProtocol } from './iam/protocols.ts';
import { routerAccess } from './iam/router-access.ts';
import type { Lab } from './lab/lab.ts';
import type { EventInvokeConfig } from './lambda/async-invocation.ts';
import { accountConcurrency } from './lambda/concurrency.ts';
import { eventSource } from './lambda/event-source.ts';
import { type LocalFunction, localFunction } from './lambda/local-function.ts';
import { close, listen } from './listen.ts';
import { routerAccounts } from './routers/router-accounts.ts';
import { routerFleet } from './routers/router-fleet.ts';
import { readRoutersFile } from './routers/routers-file.ts';
import { minuteSchedule } from './schedule.ts';
import { openOutbox } from './sns/outbox.ts';
import { startSns } from './sns/start-sns.ts';
import { startSqs } from './sqs/start-sqs.ts';
import { type Document, documentOf } from './ssm/document.ts';
import { parameterStore } from './ssm/parameter-store.ts';
import { runCommand } from './ssm/run-command.ts';
import { startSsm } from './ssm/start-ssm.ts';
import { arnOf, awsAccount, constructOf, physicalName, type Resource, readStack, region, type Stack } from './stack.ts';

export type Platform = {
	url: string;
	token(caller: { account?: string; admin?: boolean }): Promise<string>;
	/** Every call of a function, a router or a service of AWS that was decided. */
	calls(): Call[];
	stop(): Promise<void>;
};
type Options = {
	dir: string;
	port: number;
	cdkOut: string;
	routersFile?: string;
	lab?: Lab;
	routers?: Parameters<typeof routerFleet>[0]['file'];
	/** How many functions run at once, all together: an account's quota. */
	mostFunctions?: number;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The synthesized app on this machine: what is deployed, with stand-ins where AWS would be. */
export const startPlatform = async ({
	dir,
	port,
	cdkOut,
	routersFile,
	lab,
	routers = {},
	mostFunctions = 1_000,
}: Options): Promise<Platform> => {
	for (const folder of [dir, join(dir, 'logs'), join(dir, 'sqs'), join(dir, 'ssm')])
		await mkdir(folder, { recursive: true, mode: 0o700 });
	const stack = await readStack(cdkOut);
	const authority = authorityOf(stack);
	const calls = callLog();
	const authorize = authorizer({ authority, calls });
	const keys = keyring();

	const dynamodb =
		process.env['DYNAMODB_ENDPOINT'] === undefined ? await startDynamoDb({ dir: join(dir, 'dynamodb') }) : undefined;
	const dynamodbUrl = process.env['DYNAMODB_ENDPOINT'] ?? dynamodb?.url ?? '';
	const sqs = await startSqs({ dir: join(dir, 'sqs'), region });
	const outbox = await openOutbox(join(dir, 'outbox.jsonl'));
	const sns = await startSns({ dir: join(dir, 'sns'), outbox, region });
	const fleet = routerFleet({ file: { ...(await readRoutersFile(routersFile, dir)), ...routers }, dir, lab });
	const parameters = await parameterStore(join(dir, 'ssm'), { earlierKey: stack.ofType('AWS::KMS::Key').map(arnOf)[0] });

	const door = (to: string, rest: Pick<Parameters<typeof openDoor>[0], 'protocol' | 'needs'>) =>
		openDoor({ to, ...rest, keys, authorize });
	const queueDoor = await door(sqs.url, { protocol: sqsProtocol, needs: sqsNeeds });
	const queueUrl = (name: string): string => `${queueDoor.url}/${awsAccount}/${name}`;
	const resolve = (resource: Resource) => stack.resolve(resource, queueUrl);
	const rows = new DynamoDBClient({ region, endpoint: dynamodbUrl, credentials });
	const accounts = routerAccounts({ client: rows, vpcsTable: tableNamed(stack, 'Tables/vpcs') });
	const access = routerAccess({ authority, authorize, parameters, accountOf: accounts.of });
	const commands = runCommand({
		documents: documentsOf(stack, resolve),
		parameters,
		...fleet,
		refusedKeys: access.refusedKeys,
	});
	const ssm = await startSsm({ parameters, commands });
	const doors = {
		sqs: queueDoor,
		dynamodb: await door(dynamodbUrl, { protocol: dynamoDbProtocol, needs: dynamoDbNeeds }),
		sns: await door(sns.url, { protocol: snsProtocol, needs: snsNeeds }),
		ssm: await door(ssm.url, {
			protocol: ssmProtocol,
			needs: ssmNeeds({ tagsOf: (id) => fleet.instanceOf(id).tags, keyOf: parameters.keyOf }),
		}),
	};

	await createTables(stack, { resolve, client: rows });
	// Dead letters first: a redrive policy names its queue.
	const queues = stack.ofType('AWS::SQS::Queue').map((resource) => ({ resource, properties: resolve(resource) }));
	for (const { resource, properties } of queues.sort(
		(a, b) => Number('RedrivePolicy' in a.properties) - Number('RedrivePolicy' in b.properties),
	)) {
		const name = physicalName(resource);
		await sqs.createQueue(name, queueAttributes(properties));
	}

	const environment: Record<string, string> = {
		AWS_REGION: region,
		AWS_ENDPOINT_URL_DYNAMODB: doors.dynamodb.url,
		AWS_ENDPOINT_URL_SQS: doors.sqs.url,
		AWS_ENDPOINT_URL_SNS: doors.sns.url,
		AWS_ENDPOINT_URL_SSM: doors.ssm.url,
	};
	const concurrency = accountConcurrency(mostFunctions);
	const functions = new Map<string, LocalFunction>();
	for (const resource of stack.ofType('AWS::Lambda::Function')) {
		const properties = resolve(resource) as FunctionProperties;
		const name = physicalName(resource);
		const role = authority.role(properties.Role);
		const stream = arn('logs', `log-group:${properties.LoggingConfig.LogGroup}:log-stream:${name}`);
		functions.set(
			resource.id,
			localFunction({
				name,
				assetDir: join(cdkOut, basename(String(resource.metadata['aws:asset:path']))),
				environment: { ...properties.Environment?.Variables, ...environment },
				timeoutSeconds: properties.Timeout,
				logFile: join(dir, 'logs', `${name}.log`),
				concurrency,
				begin: () => keys.begin(role, constructOf(resource)),
				mayLog: ({ flow }, action) => authorize(role, [{ action: `logs:${action}`, resource: stream }], flow) === undefined,
			}),
		);
	}
	const functionByArn = (name: unknown): LocalFunction => {
		const found = functions.get(stack.byArn(String(name))?.id ?? '');
		if (found === undefined) throw new Error(`no function ${name}`);
		return found;
	};

	const queueClient = new SQSClient({ region, endpoint: sqs.url, credentials });
	const sources = stack.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
		const properties = resolve(resource) as {
			EventSourceArn: string;
			FunctionName: string;
			ScalingConfig?: { MaximumConcurrency: number };
		};
		const name = properties.EventSourceArn.replace(/^.*:/, '');
		const fn = stack.ofType('AWS::Lambda::Function').find((one) => physicalName(one) === properties.FunctionName);
		if (fn === undefined) throw new Error(`no function ${properties.FunctionName}`);
		const session = keys.begin(authority.role((resolve(fn) as FunctionProperties).Role), `event source of ${constructOf(fn)}`);
		const client = new SQSClient({ region, endpoint: doors.sqs.url, credentials: session.credentials });
		const concurrency = Math.min(properties.ScalingConfig?.MaximumConcurrency ?? 5, 5);
		return {
			name,
			...eventSource({
				client,
				postpone: async (ReceiptHandle, VisibilityTimeout) => {
					const QueueUrl = `${sqs.url}/${awsAccount}/${name}`;
					await queueClient.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
				},
				queueUrl: queueUrl(name),
				queueArn: properties.EventSourceArn,
				target: functionByArn(arnOf(fn)),
				concurrency,
			}),
		};
	});

	const issuer = await localIssuer(dir, authorizerOf(stack, resolve));
	const api = httpApi({ routes: routesOf(stack, { resolve, functionByArn, authorize }), issuer });
	const [scheduled] = stack.ofType('AWS::Scheduler::Schedule').map((one) => resolve(one)['Target'] as ScheduleTarget);
	if (scheduled === undefined) throw new Error('the app has no schedule');
	const ticked = invokedBy(functionByArn(scheduled.Arn), {
		authorize,
		caller: authority.role(scheduled.RoleArn),
		functionArn: scheduled.Arn,
		flow: 'schedule',
	});
	const configs = stack.ofType('AWS::Lambda::EventInvokeConfig').map(resolve) as (EventInvokeConfig & { FunctionName: string })[];
	const config = configs.find(({ FunctionName }) => FunctionName === ticked.name) ?? {};
	const schedule = minuteSchedule({ target: ticked, input: scheduled.Input, config });
	/** Nothing is waiting to be taken and nothing is being worked on; what is delayed to a later tick may be. */
	const isIdle = () => sources.every(({ name, isBusy }) => !isBusy() && sqs.readyMessages(name) === 0);
	const local = localCalls({ issuer, outbox, fleet, accounts, commands, tick: schedule.tick, isIdle });

	const server = createServer((request, response) => {
		const answer = request.url?.startsWith('/_local/') ? local(request, response) : api(request, response);
		answer.catch((error: unknown) => {
			console.error(error);
			if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ message: 'Internal Server Error' }));
		});
	});
	const url = await listen(server, port);
	schedule.start();

	return {
		url,
		token: issuer.token,
		calls: calls.list,
		async stop() {
			schedule.stop();
			await close(server);
			await Promise.all(sources.map((source) => source.stop()));
			await Promise.all([...functions.values()].map((one) => one.stop()));
			queueClient.destroy();
			rows.destroy();
			await Promise.all(Object.values(doors).map((one) => one.stop()));
			await Promise.all([sqs.stop(), sns.stop(), ssm.stop(), dynamodb?.stop(), fleet.stop()]);
		},
	};
};

type FunctionProperties = {
	Environment?: { Variables: Record<string, string> };
	Timeout: number;
	Role: string;
	LoggingConfig: { LogGroup: string };
};
type ScheduleTarget = { Arn: string; RoleArn: string; Input: string };
type Resolve = (resource: Resource) => Record<string, unknown>;

const queueAttributes = (properties: Record<string, unknown>): Record<string, string> =>
	Object.fromEntries(
		['VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds', 'RedrivePolicy']
			.filter((name) => properties[name] !== undefined)
			.map((name) => [name, typeof properties[name] === 'object' ? JSON.stringify(properties[name]) : String(properties[name])]),
	);

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

const createTables = async (stack: Stack, { resolve, client }: { resolve: Resolve; client: DynamoDBClient }): Promise<void> => {
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

const documentsOf = (stack: Stack, resolve: Resolve): Map<string, Document> =>
	new Map(
		stack.ofType('AWS::SSM::Document').map((resource) => {
			const { Name, Content } = resolve(resource) as { Name: string; Content: unknown };
			return [Name, documentOf(Name, Content)];
		}),
	);

/** The issuer and audience of the stack's authorizer, and the claims that its functions read. */
const authorizerOf = (stack: Stack, resolve: Resolve) => {
	const [authorizer] = stack.ofType('AWS::ApiGatewayV2::Authorizer').map(resolve) as {
		JwtConfiguration: { Issuer: string; Audience: string[] };
	}[];
	const variables = stack
		.ofType('AWS::Lambda::Function')
		.map((one) => (resolve(one)['Environment'] as { Variables: Record<string, string> } | undefined)?.Variables)
		.find((one) => one?.['ACCOUNT_CLAIM'] !== undefined);
	return {
		issuer: authorizer?.JwtConfiguration.Issuer ?? '',
		audience: authorizer?.JwtConfiguration.Audience[0] ?? '',
		accountClaim: variables?.['ACCOUNT_CLAIM'] ?? '',
		groupsClaim: variables?.['GROUPS_CLAIM'] ?? '',
	};
};

type Around = { resolve: Resolve; functionByArn(arn: unknown): LocalFunction; authorize: Authorize };

/** API Gateway invokes each function in its own name, for the route that was asked for. */
const routesOf = (stack: Stack, { resolve, functionByArn, authorize }: Around): GatewayRoute[] => {
	const integrations = new Map(
		stack.ofType('AWS::ApiGatewayV2::Integration').map((one) => [physicalName(one), String(resolve(one)['IntegrationUri'])]),
	);
	const caller = { principal: { service: 'apigateway.amazonaws.com' } };
	return stack.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
		const { RouteKey = '', Target = '', AuthorizationType, ApiId = '' } = resolve(resource) as Record<string, string>;
		const functionArn = integrations.get(Target.replace('integrations/', '')) ?? '';
		// `GET /v1/vpcs` is `GET/v1/vpcs` here, and the route for all others is its own method.
		const source = `${ApiId}/$default/${RouteKey.replace(' ', '')}${RouteKey.startsWith('$') ? `/${RouteKey}` : ''}`;
		const context = { 'aws:SourceArn': arn('execute-api', source), 'aws:SourceAccount': awsAccount };
		const target = invokedBy(functionByArn(functionArn), { authorize, caller, functionArn, flow: RouteKey, context });
		return { routeKey: RouteKey, authorized: AuthorizationType === 'JWT', target };
	});
};

/** By the path of its construct. */
const tableNamed = (stack: Stack, path: string): string => {
	const found = stack
		.ofType('AWS::DynamoDB::GlobalTable')
		.find(({ metadata }) => String(metadata['aws:cdk:path']).includes(`/${path}/`));
	if (found === undefined) throw new Error(`the app has no table ${path}`);
	return physicalName(found);
};
