import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CallerPool } from './constructs/caller-pool.ts';
import { granted } from './constructs/granted.ts';
import { MinuteSchedule } from './constructs/minute-schedule.ts';
import { RouterDocuments } from './constructs/router-documents.ts';
import { RouterPolicy } from './constructs/router-policy.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { ServiceWatch } from './constructs/service-watch.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { functionEnvironment } from './function-environment.ts';
import { grants } from './grants.ts';
import { type Settings, staged } from './settings.ts';
import type { StatefulStack } from './stateful-stack.ts';

type Props = StackProps & { settings: Settings; stateful: StatefulStack };

const minute = Duration.minutes(1);
/** 120 s for the document, 30 s for its delivery, and the calls around them. */
const reconcileTimeout = Duration.seconds(180);

/** Lambda gives a processor by memory: that of 512 MB is three tenths of one, which the usage of a fleet takes for too long. */
const wholeProcessor = 1_769;

/** The Scheduler may deliver a minute twice. */
const ticksAtOnce = 2;

/** Who waits for a router, up to 20 s. */
const asksRouters = (handler: string): boolean => (grants[handler]?.documents.length ?? 0) > 0;

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
		const parts = { settings, stateful, queues, documents };
		const cognito = pool !== undefined;
		const fn = (handler: string, timeout: Duration, { atOnce, memorySize }: { atOnce?: number; memorySize?: number } = {}) => {
			const touches = grants[handler];
			if (touches === undefined) throw new Error(`nothing says what the handler ${handler} touches`);
			const one = new ServiceFunction(this, handler, {
				handler,
				timeout,
				...(memorySize === undefined ? {} : { memorySize }),
				reserved: settings.reserveForLoops ? atOnce : undefined,
				environment: functionEnvironment(touches, { ...parts, cognito }),
			});
			granted(one, touches, parts);
			return one;
		};

		const most = (functions: number) => Math.min(functions, settings.checksAtOnce);
		const atOnce = { tick: ticksAtOnce, check: settings.checksAtOnce, reconcile: most(20), alert: most(5) };
		const loops = {
			tick: fn('tick', Duration.seconds(50), { atOnce: atOnce.tick }),
			check: fn('check', minute, { atOnce: atOnce.check }),
			reconcile: fn('reconcile', reconcileTimeout, { atOnce: atOnce.reconcile }),
			alert: fn('alert', minute, { atOnce: atOnce.alert }),
		};
		queues.reconcile.feeds(loops.reconcile, { batchSize: 1, maxConcurrency: atOnce.reconcile });
		queues.check.feeds(loops.check, { batchSize: 1, maxConcurrency: atOnce.check });
		queues.alert.feeds(loops.alert, { batchSize: 1, maxConcurrency: atOnce.alert });

		const handlers = Object.keys(grants).filter((handler) => !(handler in loops));
		const functions = Object.fromEntries(
			handlers.map((handler) => {
				const timeout = Duration.seconds(asksRouters(handler) ? 25 : 20);
				return [handler, fn(handler, timeout, handler === 'api-usage' ? { memorySize: wholeProcessor } : {})];
			}),
		);
		const issuer = settings.jwtIssuer ?? pool?.issuer ?? '';
		const audience = settings.jwtAudience ?? pool?.audience ?? '';
		const { api } = new ServiceApi(this, 'Api', {
			name: staged('s2s-vpn', settings),
			issuer,
			audience,
			functions,
			throttling: { rate: settings.requestsPerSecond, burst: settings.requestBurst },
		});

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
}
