import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../functions/environment.ts';
import { routes } from '../functions/http/routes.ts';
import { CallerPool } from './constructs/caller-pool.ts';
import { MinuteSchedule } from './constructs/minute-schedule.ts';
import { RouterDocuments } from './constructs/router-documents.ts';
import { RouterPolicy } from './constructs/router-policy.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { ServiceWatch } from './constructs/service-watch.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { alertTopics, type Settings, staged } from './settings.ts';
import type { StatefulStack } from './stateful-stack.ts';

type Props = StackProps & { settings: Settings; stateful: StatefulStack };
type Parts = { settings: Settings; stateful: StatefulStack; queues: Record<'reconcile' | 'check' | 'alert', WorkQueue> };
type LoopParts = Parts & { documents: RouterDocuments };

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
		for (const [handler, one] of Object.entries(functions)) {
			if (handler === 'api-alert-subscriptions') this.allowSubscriptions(one, { settings, stateful });
			else if (handler === 'api-logs') this.allowLogs(one, { stateful, documents });
			else if (handler === 'api-usage') this.allowUsage(one, stateful);
			else if (!still.includes(handler)) this.allowApi(one, { settings, stateful, queues });
		}
		this.allowLoops(loops, { settings, stateful, queues, documents });

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

	/** PSKs are written and deleted here, and never read: only the routers read them. */
	private allowApi(fn: ServiceFunction, { settings, stateful, queues }: Parts): void {
		const { accounts, vpcs, vpnGateways, customerGateways, connections, events, control } = stateful.tables;
		fn.allowTable(accounts, 'write');
		fn.allow(['dynamodb:Scan'], [accounts.tableArn]);
		for (const table of [vpcs, vpnGateways, customerGateways, connections]) fn.allowTable(table, 'write', ['byAccount']);
		for (const table of [events, control]) fn.allowTable(table, 'write');
		queues.reconcile.queue.grantSendMessages(fn.lambda);
		this.allowSecrets(fn, { settings, stateful });
	}

	private allowSubscriptions(fn: ServiceFunction, { settings, stateful }: Pick<Parts, 'settings' | 'stateful'>): void {
		fn.allowTable(stateful.tables.accounts, 'read');
		for (const table of [stateful.tables.alertSubscriptions, stateful.tables.control]) fn.allowTable(table, 'write');
		this.allowTopics(fn, ['sns:CreateTopic', 'sns:Subscribe', 'sns:ListSubscriptionsByTopic'], settings);
		fn.allow(['sns:Unsubscribe'], ['*'], 'The call knows no resources.');
	}

	private allowLogs(fn: ServiceFunction, { stateful, documents }: Pick<LoopParts, 'stateful' | 'documents'>): void {
		for (const table of [stateful.tables.connections, stateful.tables.vpcs]) fn.allowTable(table, 'read');
		fn.allow(['ssm:GetCommandInvocation', 'ssm:ListCommandInvocations'], ['*'], 'The calls know no resources.');
		fn.allow(['ssm:SendCommand'], [documents.arns.logs, documents.arns.check]);
		this.allowRouters(fn);
	}

	private allowUsage(fn: ServiceFunction, { tables }: StatefulStack): void {
		for (const table of [tables.connections, tables.events, tables.accounts]) fn.allowTable(table, 'read');
		fn.allowTable(tables.usage, 'read', ['byAccount']);
		fn.allow(['dynamodb:Scan'], [tables.usage.tableArn]);
	}

	private allowTopics(fn: ServiceFunction, actions: string[], settings: Settings): void {
		const topics = this.formatArn({ service: 'sns', resource: `${alertTopics(settings)}*` });
		fn.allow(actions, [topics], 'Each account has a topic of its own, made when it is first needed.');
	}

	private allowSecrets(fn: ServiceFunction, { settings, stateful }: Pick<Parts, 'settings' | 'stateful'>): void {
		const resourceName = `s2s/${settings.stage}/*`;
		fn.allow(
			['ssm:PutParameter', 'ssm:DeleteParameter'],
			[this.formatArn({ service: 'ssm', resource: 'parameter', resourceName })],
			`Every customer gateway has a parameter below the stage's own path.`,
		);
		fn.allow(['kms:Encrypt', 'kms:GenerateDataKey'], [stateful.pskKey.keyArn]);
	}

	private allowLoops(loops: Record<'tick' | 'check' | 'reconcile' | 'alert', ServiceFunction>, parts: LoopParts): void {
		const { settings, stateful, queues, documents } = parts;
		const { accounts, vpcs, vpnGateways, customerGateways, connections, events, control } = stateful.tables;
		loops.tick.allowTable(vpcs, 'read', ['byDue', 'byDirty']);
		loops.tick.allowTable(events, 'read', ['byOwed']);
		loops.tick.allowTable(customerGateways, 'read');
		loops.tick.allowTable(control, 'write', ['byIntent']);
		this.allowSecrets(loops.tick, parts);
		for (const { queue } of Object.values(queues)) queue.grantSendMessages(loops.tick.lambda);

		for (const loop of [loops.check, loops.reconcile]) {
			for (const table of [vpcs, connections, customerGateways, events]) loop.allowTable(table, 'write');
			for (const { queue } of Object.values(queues)) queue.grantSendMessages(loop.lambda);
			const reading = ['ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:DescribeInstanceInformation'];
			loop.allow(reading, ['*'], 'These calls know no resources.');
			this.allowRouters(loop);
		}
		loops.check.allowTable(stateful.tables.usage, 'write');
		for (const table of [accounts, vpnGateways]) loops.reconcile.allowTable(table, 'read');
		loops.check.allow(['ssm:SendCommand'], [documents.arns.check]);
		loops.reconcile.allow(['ssm:SendCommand'], [documents.arns.check, documents.arns.apply]);

		loops.alert.allowTable(events, 'write', ['byOwed']);
		loops.alert.allowTable(control, 'write');
		queues.alert.queue.grantSendMessages(loops.alert.lambda);
		this.allowTopics(loops.alert, ['sns:CreateTopic', 'sns:Publish'], settings);
	}

	/** Run Command on instances that are tagged as routers, and on no others. */
	private allowRouters(fn: ServiceFunction): void {
		const conditions = { StringEquals: { 'aws:ResourceTag/s2s:router': 'true' } };
		const resources = [
			this.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' }),
			this.formatArn({ service: 'ssm', resource: 'managed-instance', resourceName: '*' }),
		];
		fn.allow(
			['ssm:SendCommand'],
			resources,
			'Which instances are routers, their tag says: the condition asks for it.',
			conditions,
		);
	}
}
