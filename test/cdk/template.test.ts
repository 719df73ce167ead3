import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RE2JS } from 're2js';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/http/routes.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string; UpdateReplacePolicy?: string };
type Template = { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> };
type Statement = { Action: string | string[]; Resource: unknown; Condition?: object };

describe('the synthesized stacks', () => {
	let service: Resource[];
	let state: Resource[];
	const template = (name: string) => JSON.parse(readFileSync(join(cdkOut, `${name}.template.json`), 'utf8')) as Template;
	const read = (name: string): Resource[] => Object.values(template(name).Resources);
	const ofType = (resources: Resource[], type: string) => resources.filter((one) => one.Type === type);
	/** The properties of the only one of its type. */
	const the = (resources: Resource[], type: string): Record<string, unknown> => {
		const [one, ...others] = ofType(resources, type);
		if (one === undefined || others.length > 0) throw new Error(`${others.length + 1} of ${type}, or none`);
		return one.Properties;
	};
	const statements = () =>
		ofType(service, 'AWS::IAM::Policy').flatMap(
			({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement,
		);
	const allowing = (action: string) => statements().filter(({ Action }) => [Action].flat().includes(action));

	beforeAll(async () => {
		await synthesize(() => {});
		service = read('S2sVpn');
		state = read('S2sVpnState');
	}, 120_000);

	it('retains and protects every table with point-in-time recovery, except the one of short-lived records', () => {
		const tables = ofType(state, 'AWS::DynamoDB::GlobalTable');

		expect(tables).toHaveLength(9);
		for (const { Properties } of tables) {
			const [replica] = Properties['Replicas'] as unknown as [
				{ DeletionProtectionEnabled: boolean; PointInTimeRecoverySpecification: object },
			];
			expect(replica.DeletionProtectionEnabled).toBe(true);
			const restorable = String(Properties['TableName']) !== 's2s_control';
			expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: restorable });
		}
	});

	it('has one route per row of the route table, public only if the row says so', () => {
		const made = ofType(service, 'AWS::ApiGatewayV2::Route').map(
			({ Properties }) => `${Properties['RouteKey']} ${Properties['AuthorizationType']}`,
		);
		const wanted = routes.map(({ method, path, who }) => `${method} ${path} ${who === 'anyone' ? 'NONE' : 'JWT'}`);

		expect(made.sort()).toEqual([...wanted, '$default NONE'].sort());
	});

	it('runs every function on nodejs24.x and arm64, with a log group whose entries expire', () => {
		for (const { Properties } of ofType(service, 'AWS::Lambda::Function')) {
			expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
		}
		for (const { Properties } of ofType(service, 'AWS::Logs::LogGroup')) expect(Properties['RetentionInDays']).toBeGreaterThan(0);
	});

	it('may run only its own documents, and only on instances that are tagged as routers', () => {
		const sending = allowing('ssm:SendCommand');

		expect(sending.length).toBeGreaterThan(0);
		for (const { Resource, Condition } of sending) {
			const text = JSON.stringify(Resource);
			if (text.includes('document/')) expect(text).toContain('S2sVpn-dev-');
			else expect(Condition).toEqual({ StringEquals: { 'aws:ResourceTag/s2s:router': 'true' } });
		}
	});

	it('raises an alarm on dead letters, on messages that wait too long, on a monitor that has stopped (missing data included), on one that lags, and on commands that are refused', () => {
		const alarms = ofType(service, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
		const about = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);

		expect(about('Ticks')).toMatchObject([
			{ TreatMissingData: 'breaching', EvaluationPeriods: 3, Period: 60, Namespace: 'S2sVpn' },
		]);
		expect(about('CheckLag')).toMatchObject([{ Threshold: 60, ComparisonOperator: 'GreaterThanThreshold' }]);
		expect(about('RefusedCommands')).toMatchObject([
			{ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3, TreatMissingData: 'notBreaching' },
		]);
		expect(about('ApproximateNumberOfMessagesVisible')).toHaveLength(3);
		expect(about('ApproximateAgeOfOldestMessage')).toHaveLength(3);
		for (const alarm of alarms) expect(alarm['AlarmActions']).toHaveLength(1);
		expect(ofType(service, 'AWS::CloudWatch::Dashboard')).toHaveLength(1);
	});

	it('ticks once a minute with the minute in the input, and never retries a tick', () => {
		const { Input, RetryPolicy, Arn } = the(service, 'AWS::Scheduler::Schedule')['Target'] as Record<string, object>;
		const asynchronous = the(service, 'AWS::Lambda::EventInvokeConfig');

		expect(JSON.parse(String(Input))).toEqual({ scheduledAt: '<aws.scheduler.scheduled-time>' });
		expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
		expect(asynchronous).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
		const [ticking] = (Arn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
		expect(asynchronous['FunctionName']).toEqual({ Ref: ticking });
	});

	it('lets no function read a pre-shared key', () => {
		for (const { Resource } of allowing('ssm:GetParameter'))
			expect(JSON.stringify(Resource)).toContain(':parameter/aws/reference/secretsmanager/s2s-cursors');
		for (const action of ['ssm:GetParameters', 'ssm:GetParametersByPath', 'kms:Decrypt']) {
			expect(allowing(action)).toEqual([]);
		}
	});

	it('retains what holds data when the stack is deleted, except after a first creation that failed', () => {
		const kept = [
			...['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SNS::Topic'].flatMap((type) => ofType(state, type)),
			...ofType(service, 'AWS::Cognito::UserPool'),
		];

		expect(kept).toHaveLength(12);
		for (const { DeletionPolicy, UpdateReplacePolicy } of kept) {
			expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
				DeletionPolicy: 'RetainExceptOnCreate',
				UpdateReplacePolicy: 'Retain',
			});
		}
	});

	it('lets CloudWatch publish to the operators only for this AWS account', () => {
		const { PolicyDocument, Topics } = the(state, 'AWS::SNS::TopicPolicy') as {
			PolicyDocument: { Statement: (Statement & { Effect: string; Principal: unknown })[] };
			Topics: unknown[];
		};
		const [allowed, ...others] = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');

		expect(others).toEqual([]);
		expect(allowed).toMatchObject({
			Principal: { Service: 'cloudwatch.amazonaws.com' },
			Action: 'sns:Publish',
			Resource: Topics[0],
			Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
		});
	});

	it('outputs the address of the API and the issuer whose tokens it accepts', () => {
		const { Outputs } = template('S2sVpn');

		for (const name of ['ApiUrl', 'Issuer', 'UserPoolId', 'UserPoolClientId', 'RouterPolicyArn']) {
			expect(Outputs[name]?.Value, name).toBeTruthy();
		}
		const { JwtConfiguration } = the(service, 'AWS::ApiGatewayV2::Authorizer') as {
			JwtConfiguration: { Issuer: unknown; Audience: unknown[] };
		};
		expect(Outputs['Issuer']?.Value).toEqual(JwtConfiguration.Issuer);
		expect(Outputs['UserPoolClientId']?.Value).toEqual(JwtConfiguration.Audience[0]);
	});

	it('puts the account claim into tokens, and lets no user write it', () => {
		const { ReadAttributes, WriteAttributes, ExplicitAuthFlows } = the(service, 'AWS::Cognito::UserPoolClient');

		expect(ReadAttributes).toContain('custom:account');
		expect(WriteAttributes).toEqual(['email', 'name']);
		expect(ExplicitAuthFlows).toContain('ALLOW_USER_PASSWORD_AUTH');
	});

	it('puts the stage and the region into names that are unique in an AWS account', () => {
		const inRegion = (name: string) => ({ 'Fn::Join': ['', [name, { Ref: 'AWS::Region' }]] });

		expect(the(service, 'AWS::IAM::ManagedPolicy')['ManagedPolicyName']).toEqual(inRegion('s2s-router-dev-'));
		expect(the(service, 'AWS::CloudWatch::Dashboard')['DashboardName']).toEqual(inRegion('s2s-vpn-dev-'));
	});

	it('gives every queue a dead-letter queue with an alarm', () => {
		const queues = ofType(service, 'AWS::SQS::Queue');

		expect(queues.filter(({ Properties }) => 'RedrivePolicy' in Properties)).toHaveLength(3);
	});

	it('passes the parameters of every document as environment variables, each with a pattern', () => {
		for (const { Properties } of ofType(service, 'AWS::SSM::Document')) {
			const { parameters } = Properties['Content'] as {
				parameters: Record<string, { interpolationType: string; allowedPattern: string }>;
			};
			for (const one of Object.values(parameters)) {
				expect(one.interpolationType).toBe('ENV_VAR');
				expect(one.allowedPattern).toMatch(/^\^.*\$$/);
			}
		}
	});

	it('has at least one such parameter in every document, so that its script can detect an agent that passes none', () => {
		const documents = ofType(service, 'AWS::SSM::Document');

		expect(documents).toHaveLength(4);
		for (const { Properties } of documents) {
			expect(Object.keys((Properties['Content'] as { parameters: object }).parameters)).not.toEqual([]);
		}
	});

	it('uses only patterns that the Systems Manager agent can compile', () => {
		const patterns = ofType(service, 'AWS::SSM::Document').flatMap(({ Properties }) =>
			Object.values((Properties['Content'] as { parameters: Record<string, { allowedPattern: string }> }).parameters).map(
				({ allowedPattern }) => allowedPattern,
			),
		);

		expect(patterns.length).toBeGreaterThan(5);
		for (const pattern of patterns) expect(() => RE2JS.compile(pattern), pattern).not.toThrow();
	});
});
