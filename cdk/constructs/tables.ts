import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { type Settings, staged } from '../settings.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const byAccount = { indexName: 'byAccount', partitionKey: text('accountId'), sortKey: text('createdAt') };

/** All tables; they are retained when the stack is deleted, except after a first creation that failed. */
export class Tables extends Construct {
	readonly accounts: TableV2;
	readonly vpcs: TableV2;
	readonly vpnGateways: TableV2;
	readonly customerGateways: TableV2;
	readonly connections: TableV2;
	readonly events: TableV2;
	readonly alertSubscriptions: TableV2;
	readonly usage: TableV2;
	readonly control: TableV2;

	constructor(scope: Construct, id: string, settings: Settings) {
		super(scope, id);
		const table = (name: string, props: Partial<TablePropsV2> = {}) =>
			new TableV2(this, name, {
				tableName: staged(`s2s_${name}`, settings, '_'),
				partitionKey: text('id'),
				billing: Billing.onDemand(),
				encryption: TableEncryptionV2.awsManagedKey(),
				removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
				deletionProtection: !settings.firstCreation,
				pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
				...props,
			});
		this.accounts = table('accounts');
		this.vpcs = table('vpcs', {
			globalSecondaryIndexes: [
				byAccount,
				{
					indexName: 'byDue',
					partitionKey: text('dueShard'),
					sortKey: text('id'),
					projectionType: ProjectionType.INCLUDE,
					nonKeyAttributes: ['routerInstanceId', 'silentSince', 'silence'],
				},
				{ indexName: 'byDirty', partitionKey: text('dirtyShard'), sortKey: text('id'), projectionType: ProjectionType.KEYS_ONLY },
			],
		});
		this.vpnGateways = table('vpn_gateways', { globalSecondaryIndexes: [byAccount] });
		this.customerGateways = table('customer_gateways', { globalSecondaryIndexes: [byAccount] });
		this.connections = table('vpn_connection', { globalSecondaryIndexes: [byAccount] });
		this.events = table('events', {
			partitionKey: text('connectionId'),
			sortKey: text('id'),
			timeToLiveAttribute: 'expiresAt',
			globalSecondaryIndexes: [{ indexName: 'byOwed', partitionKey: text('owedShard'), sortKey: text('id') }],
		});
		this.alertSubscriptions = table('alert_subscriptions', { partitionKey: text('accountId'), sortKey: text('id') });
		this.usage = table('usage', {
			partitionKey: text('connectionId'),
			sortKey: text('hour'),
			timeToLiveAttribute: 'expiresAt',
			globalSecondaryIndexes: [{ indexName: 'byAccount', partitionKey: text('accountId'), sortKey: text('hour') }],
		});
		this.control = table('control', {
			timeToLiveAttribute: 'expiresAt',
			pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
			globalSecondaryIndexes: [{ indexName: 'byIntent', partitionKey: text('intentShard'), sortKey: text('madeAt') }],
		});
	}
}
