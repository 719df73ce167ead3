import { spawnSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ServiceStack } from '../../cdk/service-stack.ts';
import { alertTopics, settingsOf } from '../../cdk/settings.ts';
import { StatefulStack } from '../../cdk/stateful-stack.ts';
import { AccountId } from '../../functions/domain/model/ids.ts';

const operatorEmail = 'ops@example.org';
const settings = (context: Record<string, unknown>) => settingsOf(new App({ context }).node);

/** The stacks of a deployment with these settings, without the functions' bundles. */
const templates = (context: Record<string, unknown>) => {
	const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
	const chosen = settingsOf(app.node);
	const stateful = new StatefulStack(app, 'State', { settings: chosen });
	const service = new ServiceStack(app, 'Service', { settings: chosen, stateful });
	return { stateful, state: Template.fromStack(stateful), service: Template.fromStack(service) };
};

describe('the settings of a deployment', () => {
	it('require an address for alarms in every stage but dev', () => {
		expect(() => settings({ stage: 'prod' })).toThrow('set -c operatorEmail=<address>');
		expect(settings({ stage: 'prod', operatorEmail })).toMatchObject({ stage: 'prod' });
		expect(settings({})).toMatchObject({ stage: 'dev', checksAtOnce: 150, firstCreation: false, routerParameters: [] });
	});

	it.each([
		[{ routerCheckInterval: '25' }, 'must be one of 10, 15, 20, 30, 60', 'routerCheckInterval'],
		[{ routerCheckInterval: 'often' }, 'must be one of 10, 15, 20, 30, 60', 'routerCheckInterval'],
		[{ maxConnectionsPerGateway: '41' }, 'must be a whole number from 1 to 40', 'maxConnectionsPerGateway'],
		[{ maxConnectionsPerGateway: '1.5' }, 'must be a whole number from 1 to 40', 'maxConnectionsPerGateway'],
		[{ requestsPerSecond: '0' }, 'must be a number from 1 to 10000', 'requestsPerSecond'],
		[{ requestBurst: 'many' }, 'must be a whole number from 1 to 5000', 'requestBurst'],
		[{ routesPerTable: '0' }, 'must be a whole number from 1 to 1000', 'routesPerTable'],
		[{ checksAtOnce: '1' }, 'must be a whole number from 2 to 1000', 'checksAtOnce'],
		[{ publicRemoteCidrs: 'maybe' }, 'must be one of allow, warn, deny', 'publicRemoteCidrs'],
		[{ cryptoFloor: '{"legcy":"deny"}' }, 'legcy is not known here: the names are legacy, acceptable, strong', 'cryptoFloor'],
		[{ cryptoFloor: '{"legacy":"never"}' }, 'must be one of allow, warn, deny', 'cryptoFloor.legacy'],
		[{ cryptoFloor: '[]' }, 'must be an object with legacy, acceptable, strong', 'cryptoFloor'],
		[{ cryptoFloor: 'legacy=deny' }, 'must be JSON', 'cryptoFloor'],
		[{ cryptoFloor: { legacy: 'deny' } }, 'must be a text', 'cryptoFloor'],
		[
			{ alerting: '{"after":2,"flap":1}' },
			'after, flap are not known here: the names are afterChecks, flapLosses, flapWindowSeconds, flapSettleSeconds',
			'alerting',
		],
		[{ alerting: '{"afterChecks":0}' }, 'must be at least 1', 'alerting.afterChecks'],
		[{ alerting: '{"afterChecks":21}' }, 'must be at most 20', 'alerting.afterChecks'],
		[{ alerting: '{"afterChecks":"2"}' }, 'must be a number', 'alerting.afterChecks'],
		[{ operatorEmail: 'ops' }, 'must be an e-mail address such as ops@example.com', 'operatorEmail'],
		[{ jwtIssuer: 'issuer', jwtAudience: 'x' }, 'must be a URL such as https://issuer.example.com', 'jwtIssuer'],
		[{ jwtIssuer: 'https://issuer.example.com', jwtAudience: '' }, 'must not be empty', 'jwtAudience'],
		[{ docsBaseUrl: 'docs' }, 'must be a URL such as https://docs.example.com/reasons', 'docsBaseUrl'],
		[{ firstCreation: 'maybe' }, 'must be true or false', 'firstCreation'],
		[{ reserveForLoops: '2' }, 'must be true or false', 'reserveForLoops'],
		[
			{ routerParameters: '/team/*,/a b' },
			'must be names or prefixes such as /team/*,AmazonCloudWatch-linux, without spaces in them',
			'routerParameters[1]',
		],
		[{ routerParameters: '/s2s/*' }, 'must not reach into /s2s/, where the pre-shared keys are', 'routerParameters'],
	])('say what may stand there, in words: %j', (context, words, at) => {
		const message = `${words}\n  → at ${at}`;

		expect(() => settings(context)).toThrow(expect.objectContaining({ message: `✖ ${message}` }));
	});

	it('are refused in words alone, without the stack of a defect', () => {
		const context = { stage: 'Prod', routerCheckInterval: '7' };
		const { status, stderr } = spawnSync(process.execPath, ['cdk/app.ts'], {
			env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
			encoding: 'utf8',
		});

		expect(status).toBe(1);
		expect(stderr).toMatch(/✖ must be at most 16 small letters, digits and hyphens, and begin with a letter\n {2}→ at stage\n/);
		expect(stderr).not.toMatch(/^\s+at |settings\.ts/m);
	});

	it('say of a public block behind a peer whether it is taken, told or refused', () => {
		const chosen = (context: Record<string, unknown>) => settings(context).publicRemoteCidrs;

		expect(['allow', 'warn', 'deny'].map((publicRemoteCidrs) => chosen({ publicRemoteCidrs }))).toEqual([
			'allow',
			'warn',
			'deny',
		]);
		expect(chosen({})).toBe('warn');
		const functions = Object.values(templates({ publicRemoteCidrs: 'deny' }).service.findResources('AWS::Lambda::Function'));
		const told = functions.flatMap(({ Properties }) => Properties.Environment?.Variables?.PUBLIC_REMOTE_CIDRS ?? []);
		expect(new Set(told)).toEqual(new Set(['deny']));
	});

	it('leave the key of cursors with the data, one of each stage, made where it is and kept', () => {
		const { state, service } = templates({ stage: 'test', operatorEmail });

		expect(Object.values(state.findResources('AWS::SecretsManager::Secret'))).toMatchObject([
			{
				DeletionPolicy: 'RetainExceptOnCreate',
				UpdateReplacePolicy: 'Retain',
				Properties: { Name: 's2s-cursors-test', GenerateSecretString: { PasswordLength: 64 } },
			},
		]);
		expect(service.findResources('AWS::SecretsManager::Secret')).toEqual({});
	});

	it('are refused where one has a name that none has, before a stage that nobody meant is deployed', () => {
		expect(() => settings({ stge: 'prod', operatorEmail })).toThrow(
			/^stge is no setting; the settings are stage, routerCheckInterval, .*, firstCreation \(docs\/deploy\.md\)\.$/,
		);
		expect(() => settings({ '@aws-cdk/core:target-partitions': ['aws'], 'aws:cdk:bundling-stacks': [] })).not.toThrow();
		expect(() => settings({ 'availability-zones:account=1:region=eu-central-1': ['a'] })).not.toThrow();
		expect(() => settings({ 'acknowledged-issue-numbers': [1], 'cli-telemetry': false })).not.toThrow();
	});

	it('accept further parameters that routers may read, but none that covers the pre-shared keys', () => {
		expect(settings({ routerParameters: '/team/*, AmazonCloudWatch-linux' }).routerParameters).toEqual([
			'team/*',
			'AmazonCloudWatch-linux',
		]);
		for (const routerParameters of ['*', '/*', '/s*', 's2s*', '/s2s/*', '/s2s/prod/acme/*', '/s2s/prod/acme/cgw', '/t*m/*']) {
			expect(() => settings({ routerParameters }), routerParameters).toThrow();
		}
	});

	it('can limit the concurrent functions for an AWS account that may run only ten, and set apart what the loops need of a thousand', () => {
		const most = (template: Template) =>
			Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(
				({ Properties }) => Properties.ScalingConfig.MaximumConcurrency as number,
			);
		const reserved = (template: Template) =>
			Object.fromEntries(
				Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(([name, { Properties }]): [string, number][] =>
					Properties.ReservedConcurrentExecutions === undefined
						? []
						: [[name.replace(/Function.*/, ''), Properties.ReservedConcurrentExecutions]],
				),
			);
		const [few, usual, apart] = [{ checksAtOnce: '2' }, {}, { reserveForLoops: 'true' }].map(
			(context) => templates(context).service,
		) as [Template, Template, Template];

		expect(most(few)).toEqual([2, 2, 2]);
		expect(most(usual).sort((a, b) => a - b)).toEqual([5, 20, 150]);
		expect(reserved(usual)).toEqual({});
		// Neither more than a queue takes of them, nor less.
		expect(reserved(apart)).toEqual({ tick: 2, check: 150, reconcile: 20, alert: 5 });
	});

	it('say how many requests a second the API takes, and in how large a burst', () => {
		const throttling = (context: Record<string, unknown>) =>
			Object.values(templates(context).service.findResources('AWS::ApiGatewayV2::Stage')).map(
				({ Properties }) => Properties.DefaultRouteSettings,
			);

		expect(throttling({})).toEqual([{ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }]);
		expect(throttling({ requestsPerSecond: '20', requestBurst: '30' })).toEqual([
			{ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 30 },
		]);
	});

	it('turn deletion protection off for a first creation, so that it can be rolled back', () => {
		const { stateful, state, service } = templates({ firstCreation: 'true' });

		expect(stateful.terminationProtection).toBe(false);
		expect(templates({}).stateful.terminationProtection).toBe(true);
		for (const { Properties } of Object.values(state.findResources('AWS::DynamoDB::GlobalTable'))) {
			expect(Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
		}
		for (const { Properties } of Object.values(service.findResources('AWS::Cognito::UserPool'))) {
			expect(Properties.DeletionProtection).not.toBe('ACTIVE');
		}
	});
});

describe('the stages of one AWS account', () => {
	const stages = ['dev', 'prod', 'prod-eu', 'd'];
	/** Accounts that are called like the rest of another stage's topic. */
	const accounts = ['acme', 'prod-x', 'prod_x', 'prod-eu_x', 'eu_x', 'alerts_prod_x'].map((id) => AccountId.parse(id));

	it('never share a topic, whatever their accounts are called', () => {
		for (const stage of stages) {
			for (const other of stages.filter((one) => one !== stage)) {
				for (const account of accounts) {
					const topic = `${alertTopics({ stage: other })}${account}`;
					expect(topic.startsWith(alertTopics({ stage })), `${stage} reaches ${topic}`).toBe(false);
				}
			}
		}
		expect(alertTopics({ stage: 'dev' })).toBe('s2s-alerts-');
	});

	it('can use only their own topics, under names that SNS accepts', () => {
		const { service } = templates({ stage: 'prod', operatorEmail });
		const topics = JSON.stringify(service.findResources('AWS::IAM::Policy')).match(/:s2s-alerts[^"]*/g) ?? [];
		const prefixes = JSON.stringify(service.findResources('AWS::Lambda::Function')).match(/"ALERT_TOPIC_PREFIX":"[^"]*"/g) ?? [];

		expect(new Set(topics)).toEqual(new Set([':s2s-alerts_prod_*']));
		expect(new Set(prefixes)).toEqual(new Set(['"ALERT_TOPIC_PREFIX":"s2s-alerts_prod_"']));
	});

	it('let their routers read parameters below their own path only', () => {
		const { service } = templates({ stage: 'prod', operatorEmail, routerParameters: '/team/*' });
		const policy = JSON.stringify(service.findResources('AWS::IAM::ManagedPolicy'));

		expect(policy.match(/parameter\/s2s\/[^/]*\//g)?.every((path) => path === 'parameter/s2s/prod/')).toBe(true);
		expect(policy).toContain(':parameter/team/*');
	});

	it('alarm the operators of their own stage', () => {
		const { state } = templates({ stage: 'prod', operatorEmail });

		state.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: operatorEmail });
	});
});
