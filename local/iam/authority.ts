import { arnOf, awsAccount, physicalName, type Resource, type Stack } from '../stack.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { managedPolicies } from './managed-policies.ts';
import { arn, type Need } from './need.ts';
import { type Policy, readPolicy, UnknownPolicy } from './policy.ts';
import type { Principal } from './principal.ts';
import { supplied } from './supplied-keys.ts';

export type Role = { principal: Extract<Principal, { role: string }>; policies: readonly Policy[] };
export type Caller = Role | { principal: Extract<Principal, { service: string }> };

/** What the synthesized policies say, of identities and of resources. */
export type Authority = {
	/** Throws for a role that the app does not have. */
	role(arn: string): Role;
	roles(): Role[];
	/** What the app makes for roles that are not its own: those of its routers. */
	forOthers: readonly Policy[];
	decide(caller: Caller, need: Need): Verdict;
};

type Properties = Record<string, unknown>;

/** Reads all policies of the app, and stops where it cannot read one. */
export const authorityOf = (stack: Stack): Authority => {
	// A queue by its name, as ARNs have it.
	const resolve = (resource: Resource): Properties => stack.resolve(resource, (name) => name);
	const made = (type: string) => stack.ofType(type).map((resource) => ({ resource, properties: resolve(resource) }));

	const attached = [...made('AWS::IAM::Policy'), ...made('AWS::IAM::ManagedPolicy')].map(({ resource, properties }) => ({
		roles: (properties['Roles'] as string[] | undefined) ?? [],
		policy: read(resource.id, properties['PolicyDocument'], 'identity'),
	}));
	const roles = new Map(
		made('AWS::IAM::Role').map(({ resource, properties }): [string, Role] => {
			const { ManagedPolicyArns = [], Policies = [], PermissionsBoundary, Tags = [] } = properties as RoleProperties;
			if (PermissionsBoundary !== undefined) throw new UnknownPolicy(`${resource.id} has a permissions boundary`);
			const name = physicalName(resource);
			return [
				arnOf(resource),
				{
					principal: { role: arnOf(resource), tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) },
					policies: [
						...attached.filter((one) => one.roles.includes(name)).map(({ policy }) => policy),
						...Policies.map(({ PolicyName, PolicyDocument }) => read(PolicyName, PolicyDocument, 'identity')),
						...ManagedPolicyArns.map(managed),
					],
				},
			];
		}),
	);
	const ofResources = new Map<string, Policy>([
		...made('AWS::SQS::QueuePolicy').flatMap(({ resource, properties }) =>
			(properties['Queues'] as string[]).map((name): [string, Policy] => [
				arn('sqs', name),
				read(resource.id, properties['PolicyDocument'], 'resource'),
			]),
		),
		...made('AWS::SNS::TopicPolicy').flatMap(({ resource, properties }) =>
			(properties['Topics'] as string[]).map((topic): [string, Policy] => [
				topic,
				read(resource.id, properties['PolicyDocument'], 'resource'),
			]),
		),
		...made('AWS::KMS::Key').map(({ resource, properties }): [string, Policy] => [
			arnOf(resource),
			read(resource.id, properties['KeyPolicy'], 'resource'),
		]),
		...permissions(made('AWS::Lambda::Permission').map(({ properties }) => properties as PermissionProperties)),
	]);

	return {
		role(name) {
			const role = roles.get(name);
			if (role === undefined) throw new Error(`the app has no role ${name}`);
			return role;
		},
		roles: () => [...roles.values()],
		forOthers: attached.filter((one) => one.roles.length === 0).map(({ policy }) => policy),
		decide(caller, { action, resource, context = {} }) {
			const own = ofResources.get(resource) ?? (resource.startsWith('arn:aws:sns:') ? topicDefault : undefined);
			return evaluate(
				{ principal: caller.principal, action, resource, context },
				{ identity: 'policies' in caller ? caller.policies : [], ...(own === undefined ? {} : { resource: own }) },
			);
		},
	};
};

type RoleProperties = {
	ManagedPolicyArns?: string[];
	Policies?: { PolicyName: string; PolicyDocument: unknown }[];
	PermissionsBoundary?: string;
	Tags?: { Key: string; Value: string }[];
};

const read = (...args: Parameters<typeof readPolicy>): Policy => supplied(readPolicy(...args));

export const managed = (policyArn: string): Policy => {
	const name = /^arn:aws:iam::aws:policy\/(.*)$/.exec(policyArn)?.[1] ?? '';
	if (!Object.hasOwn(managedPolicies, name)) throw new UnknownPolicy(`what ${policyArn} says is not known here`);
	return read(name, managedPolicies[name as keyof typeof managedPolicies], 'identity');
};

type PermissionProperties = {
	Action: string;
	FunctionName: string;
	Principal: string;
	SourceArn?: string;
	SourceAccount?: string;
};

/** The policy of a function is what its permissions say together. */
const permissions = (all: readonly PermissionProperties[]): [string, Policy][] =>
	[...Map.groupBy(all, ({ FunctionName }) => FunctionName)].map(([name, some]) => [
		name,
		read(
			name,
			{
				Version: '2012-10-17',
				Statement: some.map(({ Action, Principal, SourceArn, SourceAccount }) => ({
					Effect: 'Allow',
					Principal: { Service: Principal },
					Action,
					Resource: name,
					Condition: {
						...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
						...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
					},
				})),
			},
			'resource',
		),
	]);

/**
 * What SNS gives a topic that has no policy: its owner's services may publish to it, and what is set replaces all of it. Roles of the
 * owner come without `aws:SourceOwner`, and need policies of their own.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
const topicDefault: Policy = readPolicy(
	'SNS default policy',
	{
		Version: '2012-10-17',
		Statement: [
			{
				Sid: '__default_statement_ID',
				Effect: 'Allow',
				Principal: { AWS: '*' },
				Action: [
					'SNS:GetTopicAttributes',
					'SNS:SetTopicAttributes',
					'SNS:AddPermission',
					'SNS:RemovePermission',
					'SNS:DeleteTopic',
					'SNS:Subscribe',
					'SNS:ListSubscriptionsByTopic',
					'SNS:Publish',
				],
				Resource: '*',
				Condition: { StringEquals: { 'AWS:SourceOwner': awsAccount } },
			},
		],
	},
	'resource',
);
