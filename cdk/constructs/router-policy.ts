import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** For the role of router instances, beside AmazonSSMManagedInstanceCore: the keys of the account in its tag `s2s:account`, and no others. */
export class RouterPolicy extends Construct {
	constructor(scope: Construct, id: string, { stage, pskKey }: Pick<Settings, 'stage'> & { pskKey: IKey }) {
		super(scope, id);
		const account = 'aws:PrincipalTag/s2s:account';
		const resourceName = `s2s/${stage}/\${${account}}/*`;
		const keys = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
		const policy = new ManagedPolicy(this, 'Policy', {
			managedPolicyName: `s2s-router-${stage}`,
			statements: [
				new PolicyStatement({ actions: ['ssm:GetParameters'], resources: [keys] }),
				new PolicyStatement({ actions: ['kms:Decrypt'], resources: [pskKey.keyArn] }),
			],
		});
		Validations.of(policy).acknowledge({
			id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/s2s/${stage}/<${account}>/*]`,
			reason: 'The keys below the path of the account that the instance is tagged for.',
		});
	}
}
