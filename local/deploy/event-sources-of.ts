import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Authority } from '../iam/authority.ts';
import type { Keyring } from '../iam/keyring.ts';
import { eventSource } from '../lambda/event-source.ts';
import { arnOf, awsAccount, constructOf, physicalName, type Resolve, region, type Stack } from '../stack.ts';
import type { Functions } from './functions-of.ts';

type Options = {
	resolve: Resolve;
	functions: Functions;
	authority: Authority;
	keys: Keyring;
	/** Where the queues are: behind their door, and behind that. */
	sqs: { door: string; url: string };
};
type MappingProperties = {
	EventSourceArn: string;
	FunctionName: string;
	BatchSize?: number;
	FunctionResponseTypes?: string[];
	ScalingConfig?: { MaximumConcurrency: number };
};

/** What Lambda takes where a mapping of a queue does not say. */
const defaultBatchSize = 10;

/** This machine's: as many events of one queue at once. */
const mostAtOnce = 5;

export type EventSources = {
	/** Whether a message is being worked on. */
	isBusy(): boolean;
	/** The names of the queues that they read. */
	queues: readonly string[];
	start(): void;
	stop(): Promise<void>;
};

/** The app's event source mappings: each takes messages of its queue under the role of its function. */
export const eventSourcesOf = (stack: Stack, { resolve, functions, authority, keys, sqs }: Options): EventSources => {
	const platform = new SQSClient({ region, endpoint: sqs.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
	const sources = stack.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
		const { EventSourceArn, FunctionName, ...mapping } = resolve(resource) as MappingProperties;
		const name = EventSourceArn.replace(/^.*:/, '');
		const fn = stack.ofType('AWS::Lambda::Function').find((one) => physicalName(one) === FunctionName);
		if (fn === undefined) throw new Error(`the app has no function ${FunctionName}`);
		const role = authority.role(String(resolve(fn)['Role']));
		const { credentials } = keys.begin(role, `event source of ${constructOf(fn)}`);
		const client = new SQSClient({ region, endpoint: sqs.door, credentials });
		const source = eventSource({
			client,
			postpone: async (ReceiptHandle, VisibilityTimeout) => {
				const QueueUrl = `${sqs.url}/${awsAccount}/${name}`;
				await platform.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
			},
			queueUrl: `${sqs.door}/${awsAccount}/${name}`,
			queueArn: EventSourceArn,
			target: functions.byArn(arnOf(fn)),
			concurrency: Math.min(mapping.ScalingConfig?.MaximumConcurrency ?? mostAtOnce, mostAtOnce),
			batchSize: mapping.BatchSize ?? defaultBatchSize,
			reportsFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
		});
		return { ...source, name, client };
	});
	return {
		isBusy: () => sources.some((source) => source.isBusy()),
		queues: sources.map(({ name }) => name),
		start() {
			for (const source of sources) source.start();
		},
		async stop() {
			await Promise.all(sources.map((source) => source.stop()));
			for (const { client } of sources) client.destroy();
			platform.destroy();
		},
	};
};
