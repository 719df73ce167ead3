import { runSimulation } from '@cloud-copilot/iam-simulate';
import { beforeAll, describe, expect, it } from 'vitest';
import { awsAccount, readStack, region } from '../../local/stack.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

const role = `arn:aws:iam::${awsAccount}:role/router`;
const parameter = (name: string) => `arn:aws:ssm:${region}:${awsAccount}:parameter${name}`;
const own = parameter('/s2s/dev/acme/cgw-00000000000000001');
const foreign = {
	'another account': parameter('/s2s/dev/other/cgw-00000000000000002'),
	'an account whose name begins alike': parameter('/s2s/dev/acme-2/cgw-00000000000000003'),
	'another stage': parameter('/s2s/prod/acme/cgw-00000000000000004'),
};
/** More than any policy that AWS manages for instances. */
const generous = statement({ Effect: 'Allow', Action: ['ssm:*', 'kms:*'], Resource: '*' });
/** As AWS begins a key's policy: the account's own policies say who may. */
const keyPolicy = statement({
	Effect: 'Allow',
	Principal: { AWS: `arn:aws:iam::${awsAccount}:root` },
	Action: 'kms:*',
	Resource: '*',
});
/** The oracle drops the keys of an encryption context from a request; under this name it carries them. */
const carried = 'aws:PrincipalTag/encryption-context';

function statement(one: object) {
	return { Version: '2012-10-17', Statement: [one] };
}

describe('the policy of the routers', () => {
	let policy: object;
	let key: string;
	beforeAll(async () => {
		await synthesize(() => {});
		const stack = await readStack(cdkOut);
		const [made] = stack.ofType('AWS::IAM::ManagedPolicy').map((one) => stack.resolve(one, (name) => name));
		const text = JSON.stringify(made?.['PolicyDocument']);
		policy = JSON.parse(text.replaceAll('kms:EncryptionContext:PARAMETER_ARN', carried));
		key = /arn:aws:kms:[^"]*/.exec(text)?.[0] ?? '';
	}, 120_000);

	type Call = { tag?: string; context?: string; beside?: object[] };
	/** What IAM says to a router of the account in the tag, where an operator has put a generous policy beside ours. */
	const says = async (action: string, resource: string, { tag = 'acme', context, beside = [generous] }: Call = {}) => {
		const answer = await runSimulation(
			{
				request: {
					principal: role,
					action,
					resource: { resource, accountId: awsAccount },
					contextVariables: {
						...(tag === '' ? {} : { 'aws:PrincipalTag/s2s-account': tag }),
						...(context === undefined ? {} : { [carried]: context }),
					},
				},
				identityPolicies: [policy, ...beside].map((one, n) => ({ name: `${n}`, policy: one })),
				serviceControlPolicies: [],
				resourceControlPolicies: [],
				...(action.startsWith('kms:') ? { resourcePolicy: keyPolicy } : {}),
			},
			{},
		);
		if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
		return answer.overallResult;
	};
	const denied = 'ExplicitlyDenied';

	it('lets a router read and decrypt the keys of its own account without any other policy', async () => {
		expect(await says('ssm:GetParameters', own, { beside: [] })).toBe('Allowed');
		expect(await says('kms:Decrypt', key, { context: own, beside: [] })).toBe('Allowed');
	});

	it.each(Object.entries(foreign))(
		'denies a router the keys of %s through every call that reads, whatever other policies its role has',
		async (_, name) => {
			for (const call of ['GetParameter', 'GetParameters', 'GetParameterHistory', 'GetParametersByPath']) {
				expect(await says(`ssm:${call}`, name), call).toBe(denied);
			}
			for (const call of ['Decrypt', 'ReEncryptFrom'])
				expect(await says(`kms:${call}`, key, { context: name }), call).toBe(denied);
		},
	);

	it('denies a router the paths above its own', async () => {
		for (const path of ['/s2s', '/s2s/dev']) {
			expect(await says('ssm:GetParametersByPath', parameter(path)), path).toBe(denied);
		}
	});

	it('denies a router the KMS key for anything but parameters, and grants on it', async () => {
		expect(await says('kms:Decrypt', key)).toBe(denied);
		expect(await says('kms:CreateGrant', key)).toBe(denied);
	});

	it('denies a router parameters outside the path of the service', async () => {
		expect(await says('ssm:GetParameter', parameter('/team/password'))).toBe(denied);
	});

	it('denies a role without the tag every parameter', async () => {
		for (const name of [own, parameter('/s2s/dev//cgw-00000000000000001'), parameter('/s2s/dev/*/cgw-00000000000000001')]) {
			expect(await says('ssm:GetParameters', name, { tag: '' }), name).toBe(denied);
			expect(await says('kms:Decrypt', key, { context: name, tag: '' }), name).toBe(denied);
		}
	});

	it('denies a role without the tag by a statement that does not depend on a variable', () => {
		const { Statement } = policy as { Statement: { Condition?: Record<string, object> }[] };
		const untagged = Statement.find(({ Condition }) => Condition?.['Null'] !== undefined);

		expect(untagged).toMatchObject({ Effect: 'Deny', Condition: { Null: { 'aws:PrincipalTag/s2s-account': 'true' } } });
		expect(JSON.stringify(untagged)).not.toContain('${');
	});

	it('lets the agent register and run commands without any policy managed by AWS', async () => {
		const instance = `arn:aws:ec2:${region}:${awsAccount}:instance/i-0123456789abcdef0`;
		expect(await says('ssm:UpdateInstanceInformation', instance, { beside: [] })).toBe('Allowed');
		for (const call of ['ssmmessages:OpenControlChannel', 'ssmmessages:CreateDataChannel', 'ec2messages:SendReply']) {
			expect(await says(call, '*', { beside: [] }), call).toBe('Allowed');
		}
	});
});
