import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { Tables } from './constructs/tables.ts';
import { type Settings, staged } from './settings.ts';

/** What outlives every deployment: the tables, the key of the PSKs, the operators' topic. */
export class StatefulStack extends Stack {
	readonly tables: Tables;
	readonly pskKey: Key;
	readonly operatorsTopic: Topic;

	constructor(scope: Construct, id: string, { settings, ...props }: StackProps & { settings: Settings }) {
		super(scope, id, { terminationProtection: true, ...props });
		this.tables = new Tables(this, 'Tables', settings);
		// The key that AWS manages for Parameter Store lets every principal of the account decrypt.
		this.pskKey = new Key(this, 'PskKey', {
			alias: staged('alias/s2s-psk', settings),
			description: 'Pre-shared keys of site-to-site VPN customer gateways',
			enableKeyRotation: true,
			removalPolicy: RemovalPolicy.RETAIN,
		});
		this.operatorsTopic = new Topic(this, 'OperatorsTopic', {
			topicName: staged('s2s-operators', settings),
			masterKey: undefined,
			enforceSSL: true,
		});
		this.operatorsTopic.applyRemovalPolicy(RemovalPolicy.RETAIN);
		if (settings.operatorEmail !== undefined) {
			this.operatorsTopic.addSubscription(new EmailSubscription(settings.operatorEmail));
		}
		Validations.of(this.tables.control).acknowledge({
			id: 'AwsSolutions-DDB3',
			reason: 'Idempotency records and intents live for hours: there is nothing in them to recover.',
		});
	}
}
