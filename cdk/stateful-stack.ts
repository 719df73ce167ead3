import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { Tables } from './constructs/tables.ts';
import { cursorSecret, type Settings, staged } from './settings.ts';

/** What outlives every deployment: the tables, the KMS key of the PSKs (a new one could not decrypt them), the key of cursors, the operators' topic. */
export class StatefulStack extends Stack {
	readonly tables: Tables;
	readonly pskKey: Key;
	readonly cursorSecret: Secret;
	readonly operatorsTopic: Topic;

	constructor(scope: Construct, id: string, { settings, ...props }: StackProps & { settings: Settings }) {
		super(scope, id, { terminationProtection: !settings.firstCreation, ...props });
		this.tables = new Tables(this, 'Tables', settings);
		// The AWS managed key of Parameter Store lets every principal of the account decrypt.
		this.pskKey = new Key(this, 'PskKey', {
			alias: staged('alias/s2s-psk', settings),
			description: 'Pre-shared keys of site-to-site VPN customer gateways',
			enableKeyRotation: true,
			removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
		});
		this.cursorSecret = new Secret(this, 'CursorSecret', {
			secretName: cursorSecret(settings),
			description: 'The key that authenticates the cursors of lists',
			generateSecretString: { passwordLength: 64, excludePunctuation: true },
			removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
		});
		this.operatorsTopic = new Topic(this, 'OperatorsTopic', {
			topicName: staged('s2s-operators', settings),
			enforceSSL: true,
		});
		this.operatorsTopic.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
		// This policy, which enforces TLS, replaces the default one by which SNS lets the account's services publish.
		this.operatorsTopic.addToResourcePolicy(
			new PolicyStatement({
				sid: 'Alarms',
				principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
				actions: ['sns:Publish'],
				resources: [this.operatorsTopic.topicArn],
				conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
			}),
		);
		if (settings.operatorEmail !== undefined) {
			this.operatorsTopic.addSubscription(new EmailSubscription(settings.operatorEmail));
		}
		Validations.of(this.cursorSecret).acknowledge({
			id: 'AwsSolutions-SMG4',
			reason: 'No person knows it, and each rotation would end the lists that are being read.',
		});
		Validations.of(this.tables.control).acknowledge({
			id: 'AwsSolutions-DDB3',
			reason: 'Idempotency records and intents live only for hours: there is nothing to recover.',
		});
	}
}
