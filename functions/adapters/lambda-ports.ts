import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { environment } from '../environment.ts';
import type { Ports } from '../ports.ts';
import { dynamoControl } from './dynamodb/dynamo-control.ts';
import { dynamoEvents } from './dynamodb/dynamo-events.ts';
import { dynamoStore } from './dynamodb/dynamo-store.ts';
import { dynamoSubscriptions } from './dynamodb/dynamo-subscriptions.ts';
import { dynamoUsage } from './dynamodb/dynamo-usage.ts';
import { snsAlerts } from './sns/sns-alerts.ts';
import { sqsQueues } from './sqs/sqs-queues.ts';
import { ssmRouterShell } from './ssm/ssm-router-shell.ts';
import { ssmSecrets } from './ssm/ssm-secrets.ts';
import { powertoolsLog } from './system/powertools-log.ts';
import { powertoolsMetrics } from './system/powertools-metrics.ts';
import { newEventId, newId, systemClock } from './system/system.ts';

/** Everything outside, as a function of the stack has it. Where AWS is, the SDK's own environment variables say. */
export const lambdaPorts = (): Ports => {
	const env = environment();
	const dynamodb = new DynamoDBClient({});
	const ssm = new SSMClient({});
	return {
		store: dynamoStore(dynamodb, {
			accounts: env.TABLE_ACCOUNTS,
			vpcs: env.TABLE_VPCS,
			vpnGateways: env.TABLE_VPN_GATEWAYS,
			customerGateways: env.TABLE_CUSTOMER_GATEWAYS,
			connections: env.TABLE_CONNECTIONS,
			events: env.TABLE_EVENTS,
			control: env.TABLE_CONTROL,
			usage: env.TABLE_USAGE,
		}),
		events: dynamoEvents(dynamodb, env.TABLE_EVENTS),
		control: dynamoControl(dynamodb, env.TABLE_CONTROL),
		secrets: ssmSecrets(ssm, { prefix: env.PSK_PREFIX, keyId: env.PSK_KEY_ID }),
		routers: ssmRouterShell(ssm, { apply: env.DOCUMENT_APPLY, check: env.DOCUMENT_CHECK, logs: env.DOCUMENT_LOGS }),
		queues: sqsQueues(new SQSClient({}), {
			reconcile: env.QUEUE_RECONCILE_URL,
			check: env.QUEUE_CHECK_URL,
			alert: env.QUEUE_ALERT_URL,
		}),
		alerts: snsAlerts(new SNSClient({}), env.ALERT_TOPIC_PREFIX),
		subscriptions: dynamoSubscriptions(dynamodb, env.TABLE_ALERT_SUBSCRIPTIONS),
		usage: dynamoUsage(dynamodb, env.TABLE_USAGE),
		metrics: powertoolsMetrics('S2sVpn', env.STAGE),
		clock: systemClock,
		newId,
		newEventId,
		log: powertoolsLog('s2s-vpn'),
		settings: {
			stage: env.STAGE,
			checkIntervalSeconds: env.CHECK_INTERVAL_SECONDS,
			maxConnectionsPerGateway: env.MAX_CONNECTIONS_PER_GATEWAY,
			cryptoFloor: env.CRYPTO_FLOOR,
			alerting: env.ALERTING,
			pskPrefix: env.PSK_PREFIX,
			docsBaseUrl: env.DOCS_BASE_URL,
		},
	};
};
