import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { placed, type Settings } from '../settings.ts';

type Props = { settings: Pick<Settings, 'stage' | 'routerParameters'>; pskKey: IKey };

/** A hyphen, since nothing documents that a policy variable may name a tag with a colon in it. */
const tag = 'aws:PrincipalTag/s2s-account';
/** The encryption context that Parameter Store uses for a value. */
const context = 'kms:EncryptionContext:PARAMETER_ARN';

/** Every call that reads a parameter. */
export const reading = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory', 'ssm:GetParametersByPath'];
/** A grant or re-encryption would be a way around the encryption context. */
const decrypting = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'];
/** What the agent calls to register and to run commands: AmazonSSMManagedInstanceCore without its rights to parameters. */
const agent = [
	...['UpdateInstanceInformation', 'ListAssociations', 'ListInstanceAssociations'].map((call) => `ssm:${call}`),
	...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((call) => `ssmmessages:${call}`),
	...['AcknowledgeMessage', 'DeleteMessage', 'FailMessage', 'GetEndpoint', 'GetMessages', 'SendReply'].map(
		(call) => `ec2messages:${call}`,
	),
];

/**
 * All that the role of router instances needs: what the agent calls, and the keys of the account in its tag `s2s-account`.
 *
 * Its denials hold whatever stands beside it, such as AmazonSSMManagedInstanceCore, which allows every parameter. There are two
 * locks, parameters and key. IAM cannot say "below /s2s/, but not below the own path" in one statement, so parameters elsewhere are
 * denied as well, but for AWS's public ones and those of the setting `routerParameters`: reading by path from `/` would reach
 * ours. A statement whose variable has no value may count for nothing, hence one without variables for a role without the tag.
 */
export class RouterPolicy extends Construct {
	readonly arn: string;

	constructor(scope: Construct, id: string, { settings, pskKey }: Props) {
		super(scope, id);
		const stack = Stack.of(this);
		const parameter = (name: string, region?: string) =>
			stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name, region });
		const path = `s2s/${settings.stage}/\${${tag}}/*`;
		const own = parameter(path);
		const key = [pskKey.keyArn];
		const publicParameters = stack.formatArn({
			service: 'ssm',
			resource: 'parameter',
			resourceName: 'aws/*',
			region: '*',
			account: '',
		});
		const policy = new ManagedPolicy(this, 'Policy', {
			managedPolicyName: placed('s2s-router', settings, stack.region),
			statements: [
				new PolicyStatement({ sid: 'Agent', actions: agent, resources: ['*'] }),
				new PolicyStatement({ sid: 'OwnKeys', actions: ['ssm:GetParameters'], resources: [own] }),
				new PolicyStatement({
					sid: 'OwnKeysInClear',
					actions: ['kms:Decrypt'],
					resources: key,
					conditions: { StringLike: { [context]: own } },
				}),
				new PolicyStatement({
					sid: 'NoOtherParameters',
					effect: Effect.DENY,
					actions: reading,
					// In any region: a role may have the policies of two regions.
					notResources: [
						parameter(path, '*'),
						publicParameters,
						...settings.routerParameters.map((name) => parameter(name, '*')),
					],
				}),
				new PolicyStatement({
					sid: 'NoOthersInClear',
					effect: Effect.DENY,
					actions: decrypting,
					resources: key,
					conditions: { StringNotLike: { [context]: own } },
				}),
				new PolicyStatement({
					sid: 'NothingWithoutTag',
					effect: Effect.DENY,
					actions: [...reading, ...decrypting],
					resources: [parameter('*', '*'), ...key],
					conditions: { Null: { [tag]: 'true' } },
				}),
			],
		});
		this.arn = policy.managedPolicyArn;
		Validations.of(policy).acknowledge(
			{ id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason: 'The calls of the agent do not support resources.' },
			{
				id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/s2s/${settings.stage}/<${tag}>/*]`,
				reason: 'The keys below the path of the account that the role is tagged with.',
			},
		);
	}
}
