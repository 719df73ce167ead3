import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../functions/environment.ts';
import { routes } from '../functions/http/routes.ts';
import { CallerPool } from './constructs/caller-pool.ts';
import { granted } from './constructs/granted.ts';
import { MinuteSchedule } from './constructs/minute-schedule.ts';
import { RouterDocuments } from './constructs/router-documents.ts';
import { RouterPolicy } from './constructs/router-policy.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { ServiceWatch } from './constructs/service-watch.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { type Grants, grants, type QueueName } from './grants.ts';
import { alertTopics, type Settings, staged } from './settings.ts';
import type { StatefulStack } from './stateful-stack.ts';

type Props = StackProps & { settings: Settings; stateful: StatefulStack };
type Parts = { settings: Settings; stateful: StatefulStack; queues: Record<QueueName, WorkQueue> };

const minute = Duration.minutes(1);
/** The document's 120 s, the delivery's 30 s, and the calls around them. */
const reconcileTimeout = Duration.seconds(180);

/** Everything that holds no state: the API, the loops, their queues, the routers' documents. */
export class ServiceStack extends Stack {
	constructor(scope: Construct, id: string, { settings, stateful, ...props }: Props) {
		super(scope, id, props);
		const operators = stateful.operatorsTopic;
		const queues = {
			reconcile: new WorkQueue(this, 'Reconcile', { worksFor: reconcileTimeout, operators }),
			check: new WorkQueue(this, 'Check', { worksFor: minute, operators }),
			alert: new WorkQueue(this, 'Alert', { worksFor: minute, operators }),
		};
		const documents = new RouterDocuments(this, 'Documents', settings);
		const routerPolicy = new RouterPolicy(this, 'Routers', { settings, pskKey: stateful.pskKey });
		const pool = settings.jwtIssuer === undefined ? new CallerPool(this, 'Callers', settings) : undefined;
		const environment = this.environmentOf({ settings, stateful, queues, documents, cognito: pool !== undefined });
		const fn = (handler: string, timeout: Duration, env: Record<string, string> = environment) =>
			new ServiceFunction(this, handler, { handler, timeout, environment: env });

		const loops = {
			tick: fn('tick', Duration.seconds(50)),
			check: fn('check', minute),
			reconcile: fn('reconcile', reconcileTimeout),
			alert: fn('alert', minute),
		};
		const atOnce = (most: number) => Math.min(most, settings.checksAtOnce);
		queues.reconcile.feeds(loops.reconcile, { batchSize: 1, maxConcurrency: atOnce(20) });
		queues.check.feeds(loops.check, { batchSize: 1, maxConcurrency: settings.checksAtOnce });
		queues.alert.feeds(loops.alert, { batchSize: 1, maxConcurrency: atOnce(5) });

		const still = ['api-openapi', 'api-not-found'];
		const handlers = [...new Set([...routes.map(({ handler }) => handler), ...still])];
		const functions = Object.fromEntries(
			handlers.map((handler) => [
				handler,
				fn(handler, Duration.seconds(handler === 'api-logs' ? 25 : 20), still.includes(handler) ? {} : environment),
			]),
		);
		const issuer = settings.jwtIssuer ?? pool?.issuer ?? '';
		const audience = settings.jwtAudience ?? pool?.audience ?? '';
		const { api } = new ServiceApi(this, 'Api', { name: staged('s2s-vpn', settings), issuer, audience, functions });
		const parts = { settings, stateful, queues, documents };
		for (const [handler, one] of Object.entries({ ...functions, ...loops })) granted(one, grantsOf(handler), parts);

		new MinuteSchedule(this, 'EachMinute', loops.tick);
		new ServiceWatch(this, 'Watch', { settings, operators });

		const outputs = {
			ApiUrl: api.apiEndpoint,
			Issuer: issuer,
			UserPoolId: pool?.poolId,
			UserPoolClientId: pool?.audience,
			RouterPolicyArn: routerPolicy.arn,
		};
		for (const [name, value] of Object.entries(outputs)) if (value !== undefined) new CfnOutput(this, name, { value });
	}

	private environmentOf({
		settings,
		stateful,
		queues,
		documents,
		cognito,
	}: Parts & { documents: RouterDocuments; cognito: boolean }) {
		const { tables } = stateful;
		return {
			STAGE: settings.stage,
			TABLE_ACCOUNTS: tables.accounts.tableName,
			TABLE_VPCS: tables.vpcs.tableName,
			TABLE_VPN_GATEWAYS: tables.vpnGateways.tableName,
			TABLE_CUSTOMER_GATEWAYS: tables.customerGateways.tableName,
			TABLE_CONNECTIONS: tables.connections.tableName,
			TABLE_EVENTS: tables.events.tableName,
			TABLE_ALERT_SUBSCRIPTIONS: tables.alertSubscriptions.tableName,
			TABLE_USAGE: tables.usage.tableName,
			TABLE_CONTROL: tables.control.tableName,
			QUEUE_RECONCILE_URL: queues.reconcile.queue.queueUrl,
			QUEUE_CHECK_URL: queues.check.queue.queueUrl,
			QUEUE_ALERT_URL: queues.alert.queue.queueUrl,
			DOCUMENT_APPLY: documents.names.apply,
			DOCUMENT_CHECK: documents.names.check,
			DOCUMENT_LOGS: documents.names.logs,
			PSK_KEY_ID: stateful.pskKey.keyArn,
			PSK_PREFIX: `/s2s/${settings.stage}`,
			ALERT_TOPIC_PREFIX: alertTopics(settings),
			CHECK_INTERVAL_SECONDS: String(settings.routerCheckInterval),
			MAX_CONNECTIONS_PER_GATEWAY: String(settings.maxConnectionsPerGateway),
			CRYPTO_FLOOR: JSON.stringify(settings.cryptoFloor),
			ALERTING: JSON.stringify(settings.alerting),
			ACCOUNT_CLAIM: settings.accountClaim ?? (cognito ? 'custom:account' : 'account'),
			GROUPS_CLAIM: settings.groupsClaim ?? (cognito ? 'cognito:groups' : 'groups'),
			DOCS_BASE_URL: settings.docsBaseUrl,
		} satisfies Record<keyof Environment, string>;
	}
}

const grantsOf = (handler: string): Grants => {
	const row = grants[handler];
	if (row === undefined) throw new Error(`no grants for the handler ${handler}`);
	return row;
};
