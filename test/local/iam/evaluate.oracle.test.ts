import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Request } from '../../../local/iam/evaluate.ts';
import { type Policy, readPolicy } from '../../../local/iam/policy.ts';
import { type Principal, principalContext } from '../../../local/iam/principal.ts';
import { samples } from '../../support/at-length.ts';

const account = '000000000000';
const roles: Principal[] = [
	{ role: `arn:aws:iam::${account}:role/router`, tags: { team: 'acme' } },
	{ role: `arn:aws:iam::${account}:role/tick` },
	{ role: `arn:aws:iam::${account}:role/odd`, tags: { team: 'a*' } },
];
const principals: Principal[] = [...roles, { service: 'cloudwatch.amazonaws.com' }];
const team = `\${aws:PrincipalTag/team}`;
const actions = ['sns:Publish', 'sns:Subscribe', 'ssm:GetParameters', 'kms:Decrypt'];
const resourceOf: Record<string, string[]> = {
	sns: ['acme', 'acme-2', 'acmes'].map((name) => `arn:aws:sns:us-east-1:${account}:${name}`),
	ssm: ['acme/k', 'acme-2/k'].map((name) => `arn:aws:ssm:us-east-1:${account}:parameter/${name}`),
	kms: [`arn:aws:kms:us-east-1:${account}:key/acme`],
};
const names = [
	'acme',
	'acme-2',
	'a*',
	'*',
	team,
	`${team}-2`,
	`\${aws:PrincipalTag/none, 'acme'}`,
	`\${aws:PrincipalTag/none}`,
	'acm?',
];

const some = <T>(from: fc.Arbitrary<T>) => fc.array(from, { minLength: 1, maxLength: 3 });
const actionPattern = fc.constantFrom(...actions, '*', 'sns:*', 'SNS:publish', 'ssm:Get*', 'kms:De?rypt');
const resourcePattern = fc.oneof(
	fc.constant('*'),
	// The oracle takes the colon of a variable for one of the ARN where the resource begins with it.
	fc.constantFrom(...names.filter((name) => !name.startsWith('$'))).map((name) => `arn:aws:sns:*:${account}:${name}`),
	fc.constantFrom(...names).map((name) => `arn:aws:ssm:us-east-1:${account}:parameter/${name}/*`),
	fc.constantFrom(...names).map((name) => `arn:*:kms:us-*:*:key/${name}`),
);
const word = fc.constantFrom('acme', 'acme-2', 'Acme', 'a*', 'x?z', 'xyz', team);
const arn = fc.constantFrom(
	`arn:aws:sns:us-east-1:${account}:acme`,
	'arn:aws:sns:*:*:acm*',
	`arn:aws:sns:us-east-1:${account}:${team}`,
);
/** The two together are refused. */
const setOrIfExists = (operator: string) => (operator.includes(':') ? operator.replace('IfExists', '') : operator);
const condition = fc
	.oneof(
		fc.record({
			operator: fc.tuple(
				fc.constantFrom('', 'ForAnyValue:', 'ForAllValues:'),
				fc.constantFrom(
					'StringEquals',
					'StringNotEquals',
					'StringLike',
					'StringNotLike',
					'StringEqualsIgnoreCase',
					'StringNotEqualsIgnoreCase',
				),
				fc.constantFrom('', 'IfExists'),
			),
			key: fc.constantFrom('aws:ResourceTag/x', 'AWS:ResourceTag/X', 'aws:PrincipalTag/team'),
			values: some(word),
		}),
		fc.record({
			operator: fc.tuple(fc.constant('ForAnyValue:'), fc.constantFrom('StringEquals', 'StringNotLike'), fc.constant('')),
			key: fc.constant('aws:TagKeys'),
			values: some(word),
		}),
		fc.record({
			operator: fc.tuple(
				fc.constant(''),
				fc.constantFrom('ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'),
				fc.constantFrom('', 'IfExists'),
			),
			key: fc.constant('aws:SourceArn'),
			values: some(arn),
		}),
		fc.record({
			operator: fc.tuple(fc.constant(''), fc.constant('Bool'), fc.constantFrom('', 'IfExists')),
			key: fc.constantFrom('aws:SecureTransport', 'aws:MultiFactorAuthPresent'),
			values: some(fc.constantFrom('true', 'false')),
		}),
		fc.record({
			operator: fc.tuple(fc.constant(''), fc.constant('Null'), fc.constant('')),
			key: fc.constantFrom('aws:ResourceTag/x', 'aws:SecureTransport'),
			values: some(fc.constantFrom('true', 'false')).map((all) => all.slice(0, 1)),
		}),
	)
	.map(({ operator, key, values }) => ({ [setOrIfExists(operator.join(''))]: { [key]: values } }));
const principal = fc.oneof(
	fc.constant('*'),
	fc.constantFrom(...roles).map((one) => ({ AWS: 'role' in one ? one.role : '' })),
	fc.constantFrom(`arn:aws:iam::${account}:root`, account, '111111111111').map((one) => ({ AWS: [one] })),
	fc.constant({ Service: ['cloudwatch.amazonaws.com'] }),
);
const statement = fc
	.record({
		Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
		action: fc.tuple(fc.constantFrom('Action', 'Action', 'NotAction'), some(actionPattern)),
		resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), some(resourcePattern)),
		Condition: fc.option(condition, { nil: undefined }),
	})
	.map(({ Effect, action, resource, Condition }) => ({
		Effect,
		[action[0]]: action[1],
		[resource[0]]: resource[1],
		...(Condition === undefined ? {} : { Condition }),
	}));
const document = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
const identityPolicies = fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { maxLength: 2 });
const resourcePolicy = fc.option(
	fc.array(
		fc.tuple(statement, principal).map(([one, Principal]) => ({ ...one, Principal })),
		{ minLength: 1, maxLength: 3 },
	),
	{ nil: undefined },
);
const request: fc.Arbitrary<Request> = fc
	.record({
		principal: fc.constantFrom(...principals),
		action: fc.constantFrom(...actions),
		nth: fc.nat(2),
		tag: fc.option(
			word.filter((one) => one !== team),
			{ nil: undefined },
		),
		keys: fc.option(fc.array(fc.constantFrom('acme', 'xyz', 'q'), { minLength: 1, maxLength: 2 }), { nil: undefined }),
		source: fc.option(fc.constantFrom(`arn:aws:sns:us-east-1:${account}:acme`, `arn:aws:sns:eu-west-1:${account}:other`), {
			nil: undefined,
		}),
	})
	.map(({ action, nth, tag, keys, source, ...one }) => {
		const all = resourceOf[action.split(':')[0] ?? ''] ?? [];
		return {
			...one,
			action,
			resource: all[nth % all.length] ?? '',
			context: {
				...(tag === undefined ? {} : { 'aws:ResourceTag/x': tag }),
				...(keys === undefined ? {} : { 'aws:TagKeys': keys }),
				...(source === undefined ? {} : { 'aws:SourceArn': source }),
			},
		};
	});

/** The oracle reads a name off a resource's policy, and takes one in this form alone. */
const named = (policyDocument: object) => ({ __validated: true, policyDocument, metadata: { name: 'own' }, errors: [] });

/**
 * A variable without a value: what a NotResource leaves out by it is documented both ways, and of negated conditions, which hold then
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html), the oracle does not know it.
 */
const isBeyondOracle = (policies: readonly object[], { principal }: Request) => {
	const doubtful = policies.map((one) => {
		const { NotResource = [], Condition = {} } = one as { NotResource?: string[]; Condition?: Record<string, object> };
		const negated = Object.entries(Condition).filter(([operator]) => operator.includes('Not'));
		return JSON.stringify([NotResource, negated]);
	});
	const hasTeam = 'role' in principal && principal.tags?.['team'] !== undefined;
	return doubtful.some((text) => text.includes('/none}') || (!hasTeam && text.includes('/team}')));
};

const read = (identity: object[][], own: object[] | undefined) => ({
	identity: identity.map((statements, n) => readPolicy(`p${n}`, document(statements), 'identity')),
	...(own === undefined ? {} : { resource: readPolicy('own', document(own), 'resource') }),
});

describe('the evaluator of policies, compared with an independent one', () => {
	it('reaches the same decision for random requests under random policies', () => {
		const runs = samples(1_000, 5_000);
		let allowed = 0;
		fc.assert(
			fc.property(request, identityPolicies, resourcePolicy, (one, policies, own) => {
				fc.pre(!isBeyondOracle([...policies.flat(), ...(own ?? [])], one));
				// A key of KMS has a policy, always; a service has no policies of its own.
				if (own === undefined && one.action.startsWith('kms:')) return;
				const identity = 'role' in one.principal ? policies : [];
				const verdict = runUnsafeSimulation(
					{
						request: {
							principal: 'role' in one.principal ? one.principal.role : one.principal.service,
							action: one.action,
							resource: { resource: one.resource, accountId: account },
							contextVariables: { ...one.context, ...principalContext(one.principal) } as Record<string, string | string[]>,
						},
						identityPolicies: identity.map((statements, n) => ({ name: `p${n}`, policy: document(statements) })),
						serviceControlPolicies: [],
						resourceControlPolicies: [],
						...(own === undefined ? {} : { resourcePolicy: named(document(own)) }),
					},
					{},
				);

				const ours = evaluate(one, read(identity, own));

				expect(ours.allowed).toBe(verdict === 'Allowed');
				if (ours.allowed) allowed++;
			}),
			runs,
		);
		expect(allowed).toBeGreaterThan(runs.numRuns / 10);
	});
});

describe('the evaluator of policies, whatever the policies', () => {
	const allowedBy = (one: Request, identity: object[][], own: object[] | undefined) => evaluate(one, read(identity, own)).allowed;

	it('never allows more after a Deny is added', () => {
		fc.assert(
			fc.property(request, identityPolicies, resourcePolicy, statement, (one, policies, own, more) => {
				fc.pre(!allowedBy(one, policies, own));
				expect(allowedBy(one, [...policies, [{ ...more, Effect: 'Deny' }]], own)).toBe(false);
			}),
		);
	});

	it('never allows less after an Allow is added', () => {
		fc.assert(
			fc.property(request, identityPolicies, resourcePolicy, statement, (one, policies, own, more) => {
				fc.pre(allowedBy(one, policies, own));
				expect(allowedBy(one, [...policies, [{ ...more, Effect: 'Allow' }]], own)).toBe(true);
			}),
		);
	});

	it('does not depend on the order of statements and policies', () => {
		fc.assert(
			fc.property(request, identityPolicies, resourcePolicy, (one, policies, own) => {
				const turned = policies.map((statements) => [...statements].reverse()).reverse();
				expect(allowedBy(one, turned, own === undefined ? own : [...own].reverse())).toBe(allowedBy(one, policies, own));
			}),
		);
	});

	it('allows nothing without a statement that allows it', () => {
		fc.assert(
			fc.property(request, (one) => {
				const none: Policy[] = [];
				expect(evaluate(one, { identity: none }).allowed).toBe(false);
			}),
		);
	});
});
