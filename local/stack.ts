import { join } from 'node:path';
import { readJson } from './read-json.ts';

export type Resource = {
	stack: string;
	id: string;
	type: string;
	properties: Record<string, unknown>;
	metadata: Record<string, unknown>;
};
type Template = {
	Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; Metadata?: Record<string, unknown> }>;
	Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
};
type Manifest = { artifacts: Record<string, { type: string; properties?: { templateFile?: string } }> };

export const region = 'us-east-1';
export const awsAccount = '000000000000';
const pseudo: Record<string, string> = {
	'AWS::Region': region,
	'AWS::AccountId': awsAccount,
	'AWS::Partition': 'aws',
	'AWS::URLSuffix': 'amazonaws.com',
	'AWS::NoValue': '',
};

/** A resource's name in its service: the one that the template gives, if any. */
const nameProperties = ['TableName', 'QueueName', 'TopicName', 'FunctionName', 'LogGroupName', 'RoleName', 'Name'];
export const physicalName = ({ stack, id, properties }: Resource): string => {
	const named = nameProperties.map((key) => properties[key]).find((value) => typeof value === 'string');
	return (named as string | undefined) ?? `${stack}-${id}`;
};

const services: Record<string, [string, string]> = {
	'AWS::DynamoDB::GlobalTable': ['dynamodb', 'table/'],
	'AWS::SQS::Queue': ['sqs', ''],
	'AWS::SNS::Topic': ['sns', ''],
	'AWS::Lambda::Function': ['lambda', 'function:'],
	'AWS::KMS::Key': ['kms', 'key/'],
	'AWS::SecretsManager::Secret': ['secretsmanager', 'secret:'],
	'AWS::Logs::LogGroup': ['logs', 'log-group:'],
};
/** As Fn::GetAtt returns it: a role's has no region, a log group's ends with all of its streams. */
export const arnOf = (resource: Resource): string => {
	const name = physicalName(resource);
	if (resource.type === 'AWS::IAM::Role') return `arn:aws:iam::${awsAccount}:role/${name}`;
	const [service, prefix] = services[resource.type] ?? ['unknown', ''];
	const streams = resource.type === 'AWS::Logs::LogGroup' ? ':*' : '';
	return `arn:aws:${service}:${region}:${awsAccount}:${prefix}${name}${streams}`;
};

/** Its name in the app: that of its construct in the stack, such as `tick`. */
export const constructOf = ({ id, metadata }: Resource): string => String(metadata['aws:cdk:path'] ?? '').split('/')[1] ?? id;

/** A resource's properties with every reference followed, as they are on this machine. */
export type Resolve = (resource: Resource) => Record<string, unknown>;

/** The synthesized app: its resources, and their properties with every reference followed. */
export type Stack = {
	resources: readonly Resource[];
	ofType(type: string): Resource[];
	/** `queueUrl` says where a queue really is. */
	resolve(resource: Resource, queueUrl: (name: string) => string): Record<string, unknown>;
};

export const readStack = async (cdkOut: string): Promise<Stack> => {
	const manifest = await readJson<Manifest | undefined>(join(cdkOut, 'manifest.json'), undefined);
	if (manifest === undefined) throw new Error(`${cdkOut} holds no synthesized app`);
	const resources: Resource[] = [];
	const exports = new Map<string, { stack: string; value: unknown }>();
	for (const [stack, { type, properties }] of Object.entries(manifest.artifacts)) {
		if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) continue;
		const template = await readJson<Template | undefined>(join(cdkOut, properties.templateFile), undefined);
		for (const [id, { Type, Properties = {}, Metadata = {} }] of Object.entries(template?.Resources ?? {})) {
			resources.push({ stack, id, type: Type, properties: Properties, metadata: Metadata });
		}
		for (const { Value, Export } of Object.values(template?.Outputs ?? {})) {
			if (Export !== undefined) exports.set(Export.Name, { stack, value: Value });
		}
	}
	const find = (stack: string, id: string): Resource => {
		const resource = resources.find((one) => one.stack === stack && one.id === id);
		if (resource === undefined) throw new Error(`the template of ${stack} has no resource ${id}`);
		return resource;
	};

	const value = (node: unknown, stack: string, queueUrl: (name: string) => string): unknown => {
		const inner = (one: unknown) => value(one, stack, queueUrl);
		if (Array.isArray(node)) return node.map(inner);
		if (typeof node !== 'object' || node === null) return node;
		const entries = Object.entries(node);
		const [key, argument] = entries.length === 1 ? (entries[0] as [string, unknown]) : ['', undefined];
		if (key === 'Ref') return refOf(String(argument), stack, queueUrl);
		if (key === 'Fn::GetAtt') {
			const [id = '', attribute] = argument as string[];
			const resource = find(stack, id);
			return attribute === 'Arn' ? arnOf(resource) : physicalName(resource);
		}
		if (key === 'Fn::Join') {
			const [separator, parts] = argument as [string, unknown[]];
			return parts.map(inner).join(separator);
		}
		if (key === 'Fn::Sub') {
			return String(argument).replace(/\$\{([^}]+)\}/g, (_all, name: string) => String(refOf(name, stack, queueUrl)));
		}
		if (key === 'Fn::ImportValue') {
			const exported = exports.get(String(argument));
			if (exported === undefined) throw new Error(`nothing exports ${argument}`);
			return value(exported.value, exported.stack, queueUrl);
		}
		return Object.fromEntries(entries.map(([name, one]) => [name, inner(one)]));
	};

	const refOf = (id: string, stack: string, queueUrl: (name: string) => string): string => {
		const known = pseudo[id];
		if (known !== undefined) return known;
		const resource = find(stack, id);
		if (resource.type === 'AWS::SQS::Queue') return queueUrl(physicalName(resource));
		return resource.type === 'AWS::SNS::Topic' || resource.type === 'AWS::SecretsManager::Secret'
			? arnOf(resource)
			: physicalName(resource);
	};

	return {
		resources,
		ofType: (type) => resources.filter((one) => one.type === type),
		resolve: (resource, queueUrl) => value(resource.properties, resource.stack, queueUrl) as Record<string, unknown>,
	};
};

/** The name of a table, by the path of its construct. */
export const tableNamed = (stack: Stack, path: string): string => {
	const found = stack
		.ofType('AWS::DynamoDB::GlobalTable')
		.find(({ metadata }) => String(metadata['aws:cdk:path']).includes(`/${path}/`));
	if (found === undefined) throw new Error(`the app has no table ${path}`);
	return physicalName(found);
};
