import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type GatewayRoute, httpApi } from './api/gateway.ts';
import { localIssuer } from './api/issuer.ts';
import { localCalls } from './api/local-calls.ts';
import { startDynamoDb } from './dynamodb/start-dynamodb.ts';
import type { Lab } from './lab/lab.ts';
import type { EventInvokeConfig } from './lambda/async-invocation.ts';
import { accountConcurrency } from './lambda/concurrency.ts';
import { eventSource } from './lambda/event-source.ts';
import { type LocalFunction, localFunction } from './lambda/local-function.ts';
import { close, listen } from './listen.ts';
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
import { physicalName, type Resource, readStack, region, type Stack } from './stack.ts';

export type Platform = {
	url: string;
	token(caller: { account?: string; admin?: boolean }): Promise<string>;
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

	const dynamodb =
		process.env['DYNAMODB_ENDPOINT'] === undefined ? await startDynamoDb({ dir: join(dir, 'dynamodb') }) : undefined;
	const dynamodbUrl = process.env['DYNAMODB_ENDPOINT'] ?? dynamodb?.url ?? '';
	const sqs = await startSqs({ dir: join(dir, 'sqs'), region });
	const outbox = await openOutbox(join(dir, 'outbox.jsonl'));
	const sns = await startSns({ dir: join(dir, 'sns'), outbox, region });
	const fleet = routerFleet({ file: { ...(await readRoutersFile(routersFile, dir)), ...routers }, dir, lab });
	const parameters = await parameterStore(join(dir, 'ssm'));

	const urls = new Map<string, string>();
	const queueUrl = (name: string): string => urls.get(name) ?? `${sqs.url}/000000000000/${name}`;
	const resolve = (resource: Resource) => stack.resolve(resource, queueUrl);
	const commands = runCommand({ documents: documentsOf(stack, resolve), parameters, ...fleet });
	const ssm = await startSsm({ parameters, commands });

	await createTables(stack, { resolve, url: dynamodbUrl });
	// Dead letters first: a redrive policy names its queue.
	const queues = stack.ofType('AWS::SQS::Queue').map((resource) => ({ resource, properties: resolve(resource) }));
	for (const { resource, properties } of queues.sort(
		(a, b) => Number('RedrivePolicy' in a.properties) - Number('RedrivePolicy' in b.properties),
	)) {
		const name = physicalName(resource);
		urls.set(name, await sqs.createQueue(name, queueAttributes(properties)));
	}

	const environment: Record<string, string> = {
		AWS_REGION: region,
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
		AWS_ENDPOINT_URL_SQS: sqs.url,
		AWS_ENDPOINT_URL_SNS: sns.url,
		AWS_ENDPOINT_URL_SSM: ssm.url,
	};
	const concurrency = accountConcurrency(mostFunctions);
	const functions = new Map<string, LocalFunction>();
	for (const resource of stack.ofType('AWS::Lambda::Function')) {
		const properties = resolve(resource) as { Environment?: { Variables: Record<string, string> }; Timeout: number };
		const name = physicalName(resource);
		functions.set(
			resource.id,
			localFunction({
				name,
				assetDir: join(cdkOut, basename(String(resource.metadata['aws:asset:path']))),
				environment: { ...properties.Environment?.Variables, ...environment },
				timeoutSeconds: properties.Timeout,
				logFile: join(dir, 'logs', `${name}.log`),
				concurrency,
			}),
		);
	}
	const functionByArn = (arn: unknown): LocalFunction => {
		const found = functions.get(stack.byArn(String(arn))?.id ?? '');
		if (found === undefined) throw new Error(`no function ${arn}`);
		return found;
	};

	const client = new SQSClient({ region, endpoint: sqs.url, credentials });
	const sources = stack.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
		const properties = resolve(resource) as {
			EventSourceArn: string;
			FunctionName: string;
			ScalingConfig?: { MaximumConcurrency: number };
		};
		const name = properties.EventSourceArn.replace(/^.*:/, '');
		const target = [...functions.values()].find((one) => one.name === properties.FunctionName);
		if (target === undefined) throw new Error(`no function ${properties.FunctionName}`);
		const concurrency = Math.min(properties.ScalingConfig?.MaximumConcurrency ?? 5, 5);
		return {
			name,
			...eventSource({ client, queueUrl: queueUrl(name), queueArn: properties.EventSourceArn, target, concurrency }),
		};
	});

	const issuer = await localIssuer(dir, authorizerOf(stack, resolve));
	const api = httpApi({ routes: routesOf(stack, resolve, functionByArn), issuer });
	const [scheduled] = stack
		.ofType('AWS::Scheduler::Schedule')
		.map((one) => resolve(one)['Target'] as { Arn: string; Input: string });
	const ticked = functionByArn(scheduled?.Arn);
	const configs = stack.ofType('AWS::Lambda::EventInvokeConfig').map(resolve) as (EventInvokeConfig & { FunctionName: string })[];
	const config = configs.find(({ FunctionName }) => FunctionName === ticked.name) ?? {};
	const schedule = minuteSchedule({ target: ticked, input: scheduled?.Input ?? '{}', config });
	/** Nothing is waiting to be taken and nothing is being worked on; what is delayed to a later tick may be. */
	const isIdle = () => sources.every(({ name, isBusy }) => !isBusy() && sqs.readyMessages(name) === 0);
	const local = localCalls({ issuer, outbox, fleet, commands, tick: schedule.tick, isIdle });

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
		async stop() {
			schedule.stop();
			await close(server);
			await Promise.all(sources.map((source) => source.stop()));
			await Promise.all([...functions.values()].map((one) => one.stop()));
			client.destroy();
			await Promise.all([sqs.stop(), sns.stop(), ssm.stop(), dynamodb?.stop(), fleet.stop()]);
		},
	};
};

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

const createTables = async (stack: Stack, { resolve, url }: { resolve: Resolve; url: string }): Promise<void> => {
	const client = new DynamoDBClient({ region, endpoint: url, credentials });
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
	client.destroy();
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

const routesOf = (stack: Stack, resolve: Resolve, functionByArn: (arn: unknown) => LocalFunction): GatewayRoute[] => {
	const integrations = new Map(
		stack.ofType('AWS::ApiGatewayV2::Integration').map((one) => [physicalName(one), resolve(one)['IntegrationUri']]),
	);
	return stack.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
		const { RouteKey, Target, AuthorizationType } = resolve(resource) as Record<string, string>;
		const integration = integrations.get((Target ?? '').replace('integrations/', ''));
		return { routeKey: RouteKey ?? '', authorized: AuthorizationType === 'JWT', target: functionByArn(integration) };
	});
};
