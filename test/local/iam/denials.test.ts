import { beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../../cdk/grants.ts';
import { type Authority, authorityOf, type Caller, managed, type Role } from '../../../local/iam/authority.ts';
import { arn, type Need } from '../../../local/iam/need.ts';
import { readingNeeds } from '../../../local/iam/needs/ssm.ts';
import { readPolicy } from '../../../local/iam/policy.ts';
import { arnOf, constructOf, readStack, type Stack } from '../../../local/stack.ts';
import { cdkOut, synthesize } from '../../../local/synth.ts';

const parameter = (path: string) => arn('ssm', `parameter/${path}`);
const table = (name: string) => arn('dynamodb', `table/${name}`);
const need = (action: string, resource: string, context: Need['context'] = {}): Need => ({ action, resource, context });

describe('the rights of the deployed stacks', () => {
	let stack: Stack;
	let authority: Authority;
	let pskKey: string;
	beforeAll(async () => {
		await synthesize(() => {});
		stack = await readStack(cdkOut);
		authority = authorityOf(stack);
		pskKey = arnOf(stack.ofType('AWS::KMS::Key')[0] as Parameters<typeof arnOf>[0]);
	}, 200_000);
	const roleOf = (name: string): Role => {
		const found = stack.ofType('AWS::IAM::Role').find((resource) => constructOf(resource) === name);
		if (found === undefined) throw new Error(`there is no role of ${name}`);
		return authority.role(arnOf(found));
	};
	const named = (type: string, part: string): string => {
		const found = stack.ofType(type).find((resource) => String(resource.metadata['aws:cdk:path']).includes(part));
		if (found === undefined) throw new Error(`there is no ${part}`);
		return arnOf(found);
	};
	const isAllowed = (caller: Caller, one: Need) => authority.decide(caller, one).allowed;

	/** What no function may. */
	const nobody = (): Need[] => [
		...['GetParameter', 'GetParameters', 'GetParameterHistory', 'GetParametersByPath'].map((call) =>
			need(`ssm:${call}`, parameter('s2s/dev/acme/cgw-1')),
		),
		...['Decrypt', 'GenerateDataKey', 'ReEncryptFrom', 'CreateGrant', 'ScheduleKeyDeletion', 'PutKeyPolicy'].map((call) =>
			need(`kms:${call}`, pskKey),
		),
		...['DeleteTable', 'UpdateTable', 'ExportTableToPointInTime', 'BatchWriteItem', 'PartiQLSelect'].map((call) =>
			need(`dynamodb:${call}`, table('s2s_vpcs')),
		),
		need('dynamodb:GetItem', table('s2s_vpcs_prod')),
		need('dynamodb:Scan', table('s2s_customer_gateways')),
		need('dynamodb:Query', `${table('s2s_alert_subscriptions')}/index/byAccount`),
		need('ssm:SendCommand', arn('ssm', 'document/AWS-RunShellScript')),
		need('ssm:SendCommand', arn('ssm', 'document/S2sVpn-prod-apply')),
		need('ssm:SendCommand', arn('ec2', 'instance/i-1')),
		need('ssm:SendCommand', arn('ec2', 'instance/i-1'), { 'aws:ResourceTag/s2s:router': 'false' }),
		need('ssm:SendCommand', arn('ssm', 'managed-instance/mi-1'), { 'aws:ResourceTag/router': 'true' }),
		need('ssm:StartSession', arn('ec2', 'instance/i-1'), { 'aws:ResourceTag/s2s:router': 'true' }),
		need('ssm:PutParameter', parameter('s2s/prod/acme/cgw-1')),
		need('ssm:PutParameter', parameter('other')),
		need('sqs:PurgeQueue', named('AWS::SQS::Queue', '/Check/Queue/')),
		need('sqs:SendMessage', named('AWS::SQS::Queue', '/Check/DeadLetters/')),
		need('sqs:ChangeMessageVisibility', named('AWS::SQS::Queue', '/Reconcile/Queue/')),
		need('sns:Publish', arn('sns', 's2s-operators')),
		need('sns:Publish', arn('sns', 's2s-alerts_prod_acme')),
		need('sns:DeleteTopic', arn('sns', 's2s-alerts-acme')),
		need('sns:SetTopicAttributes', arn('sns', 's2s-alerts-acme')),
		need('lambda:InvokeFunction', named('AWS::Lambda::Function', '/reconcile/')),
		need('iam:PassRole', roleOf('tick').principal.role),
		need('sts:AssumeRole', roleOf('reconcile').principal.role),
		need('logs:DeleteLogGroup', arn('logs', 'log-group:other')),
		need('logs:PutLogEvents', arn('logs', 'log-group:other:log-stream:x')),
		need('ec2:TerminateInstances', arn('ec2', 'instance/i-1')),
	];
	/** What some may, by the row of each. */
	const others = (handler: string): Need[] => {
		const { secrets = [], documents = [], topics = [], queues = [], tables = {} } = grants[handler] ?? {};
		return [
			...(secrets.includes('PutParameter')
				? []
				: [need('ssm:PutParameter', parameter('s2s/dev/acme/cgw-1')), need('kms:Encrypt', pskKey)]),
			...(secrets.length > 0 ? [] : [need('ssm:DeleteParameter', parameter('s2s/dev/acme/cgw-1'))]),
			...(['apply', 'check', 'logs', 'inspect'] as const)
				.filter((name) => !documents.includes(name))
				.map((name) => need('ssm:SendCommand', arn('ssm', `document/S2sVpn-dev-${name}`))),
			...(['Publish', 'Subscribe'] as const)
				.filter((call) => !topics.includes(call))
				.map((call) => need(`sns:${call}`, arn('sns', 's2s-alerts-acme'))),
			...(['reconcile', 'check', 'alert'] as const)
				.filter((name) => !queues.includes(name))
				.map((name) =>
					need('sqs:SendMessage', named('AWS::SQS::Queue', `/${name.replace(/^./, (c) => c.toUpperCase())}/Queue/`)),
				),
			...(tables.usage?.includes('UpdateItem') ? [] : [need('dynamodb:UpdateItem', table('s2s_usage'))]),
			...(tables.accounts?.includes('PutItem') ? [] : [need('dynamodb:PutItem', table('s2s_accounts'))]),
			...(tables.alertSubscriptions === undefined ? [need('dynamodb:Query', table('s2s_alert_subscriptions'))] : []),
		];
	};

	it.each(Object.keys(grants))('deny %s every one of at least thirty calls that are not its own', (handler) => {
		const role = roleOf(handler);
		const forbidden = [...nobody(), ...others(handler)];

		expect(forbidden.length).toBeGreaterThanOrEqual(30);
		expect(forbidden.filter((one) => isAllowed(role, one)).map(({ action, resource }) => `${action} on ${resource}`)).toEqual([]);
	});

	it('are listed for each function and for no other', () => {
		const made = stack.ofType('AWS::Lambda::Function').map(constructOf);

		expect(made.sort()).toEqual(Object.keys(grants).sort());
	});

	const service = (name: string): Caller => ({ principal: { service: name } });
	const operators = arn('sns', 's2s-operators');
	const alarm = arn('cloudwatch', 'alarm:S2sVpn-NoTick');
	const sent = (account = '000000000000') => ({
		'aws:SourceAccount': account,
		'aws:SourceArn': alarm.replace('000000000000', account),
	});

	it.each<[string, () => Caller, Need, boolean]>([
		[
			'CloudWatch, for an alarm of ours, to the operators',
			() => service('cloudwatch.amazonaws.com'),
			need('sns:Publish', operators, sent()),
			true,
		],
		[
			'CloudWatch, for another account, to the operators',
			() => service('cloudwatch.amazonaws.com'),
			need('sns:Publish', operators, sent('111111111111')),
			false,
		],
		[
			'CloudWatch, without saying for whom, to the operators',
			() => service('cloudwatch.amazonaws.com'),
			need('sns:Publish', operators),
			false,
		],
		[
			'CloudWatch, subscribing to the operators’ topic',
			() => service('cloudwatch.amazonaws.com'),
			need('sns:Subscribe', operators, sent()),
			false,
		],
		['EventBridge, to the operators', () => service('events.amazonaws.com'), need('sns:Publish', operators, sent()), false],
		[
			'S3, to the operators',
			() => service('s3.amazonaws.com'),
			need('sns:Publish', operators, { ...sent(), 'aws:SourceOwner': '000000000000' }),
			false,
		],
		['the function of alerts, to the operators', () => roleOf('alert'), need('sns:Publish', operators), false],
		['the function of alerts, to an account', () => roleOf('alert'), need('sns:Publish', arn('sns', 's2s-alerts-acme')), true],
		['the check, to an account', () => roleOf('check'), need('sns:Publish', arn('sns', 's2s-alerts-acme')), false],
		[
			'CloudWatch, to an account',
			() => service('cloudwatch.amazonaws.com'),
			need('sns:Publish', arn('sns', 's2s-alerts-acme'), sent()),
			false,
		],
	])('decide who publishes to a topic: %s', (_, caller, one, allowed) => {
		expect(isAllowed(caller(), one)).toBe(allowed);
	});

	it.each<[string, () => Caller, string, boolean]>([
		['API Gateway, for a route of it', () => service('apigateway.amazonaws.com'), 's2s-vpn/$default/GET/v1/vpcs', true],
		['API Gateway, for another’s route', () => service('apigateway.amazonaws.com'), 's2s-vpn/$default/GET/v1/usage', false],
		['another API', () => service('apigateway.amazonaws.com'), 'other/$default/GET/v1/vpcs', false],
		['the Scheduler', () => roleOf('EachMinute'), '', false],
		['another function', () => roleOf('api-vpcs'), '', false],
	])('decide who invokes the function of VPCs: %s', (_, caller, source, allowed) => {
		const context: Need['context'] = source === '' ? {} : { 'aws:SourceArn': arn('execute-api', source) };

		expect(isAllowed(caller(), need('lambda:InvokeFunction', named('AWS::Lambda::Function', '/api-vpcs/'), context))).toBe(
			allowed,
		);
	});

	describe('of a router', () => {
		const own = '/s2s/dev/acme/cgw-1';
		const anothers = '/s2s/dev/acme-2/cgw-2';
		const beside = {
			'ours alone': () => [],
			'ours and AmazonSSMManagedInstanceCore': () => [managed('arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore')],
			'ours and one that allows all of ssm and kms': () => [
				readPolicy(
					'wide',
					{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['ssm:*', 'kms:*'], Resource: '*' }] },
					'identity',
				),
			],
		};
		const router = (set: keyof typeof beside, tags: Record<string, string>): Role => ({
			principal: { role: 'arn:aws:iam::000000000000:role/router', tags },
			policies: [...authority.forOthers, ...beside[set]()],
		});
		const reads = (role: Role, name: string) => readingNeeds(name, pskKey).every((one) => isAllowed(role, one));
		/** Each lock by itself. */
		const locks = (role: Role, name: string) => ({
			parameter: ['GetParameter', 'GetParameters', 'GetParameterHistory'].some((call) =>
				isAllowed(role, need(`ssm:${call}`, parameter(name.slice(1)))),
			),
			key: readingNeeds(name, pskKey)
				.filter(({ action }) => action === 'kms:Decrypt')
				.some((one) => isAllowed(role, one)),
		});

		it.each(Object.keys(beside) as (keyof typeof beside)[])(
			'of account A, with %s, allow reading the keys of A and neither parameter nor key of B',
			(set) => {
				const role = router(set, { 's2s-account': 'acme' });

				expect(reads(role, own)).toBe(true);
				expect(locks(role, anothers)).toEqual({ parameter: false, key: false });
				expect(isAllowed(role, need('ssm:GetParametersByPath', parameter('s2s/dev')))).toBe(false);
				expect(isAllowed(role, need('ssm:GetParametersByPath', parameter('')))).toBe(false);
				expect(isAllowed(role, need('kms:Decrypt', pskKey))).toBe(false);
				expect(isAllowed(role, need('kms:CreateGrant', pskKey))).toBe(false);
			},
		);

		it.each(Object.keys(beside) as (keyof typeof beside)[])('without the tag, with %s, allow reading nobody’s keys', (set) => {
			const role = router(set, {});

			for (const name of [own, anothers]) expect(locks(role, name)).toEqual({ parameter: false, key: false });
		});

		it.each(Object.keys(beside) as (keyof typeof beside)[])(
			'whose tag is a wildcard, with %s, allow reading nobody’s keys',
			(set) => {
				const role = router(set, { 's2s-account': '*' });

				for (const name of [own, anothers]) expect(locks(role, name)).toEqual({ parameter: false, key: false });
			},
		);

		it('let its agent run with our policy alone', () => {
			const role = router('ours alone', { 's2s-account': 'acme' });

			for (const action of ['ssm:UpdateInstanceInformation', 'ssmmessages:OpenControlChannel', 'ec2messages:GetMessages']) {
				expect(isAllowed(role, need(action, '*'))).toBe(true);
			}
		});
	});
});
