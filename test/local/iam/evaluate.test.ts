import { describe, expect, it } from 'vitest';
import type { Context } from '../../../local/iam/context.ts';
import { evaluate } from '../../../local/iam/evaluate.ts';
import { readPolicy, UnknownPolicy } from '../../../local/iam/policy.ts';
import type { Principal } from '../../../local/iam/principal.ts';

const role: Principal = { role: 'arn:aws:iam::000000000000:role/router', tags: { 's2s-account': 'acme' } };
const cloudwatch: Principal = { service: 'cloudwatch.amazonaws.com' };
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/rows';
const key = 'arn:aws:kms:us-east-1:000000000000:key/psk';
const topic = 'arn:aws:sns:us-east-1:000000000000:operators';
const tagged = (name: string) => `\${aws:PrincipalTag/${name}}`;

type Case = { principal?: Principal; action?: string; resource?: string; context?: Context };
const document = (statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const decide = (
	identity: object[],
	{ principal = role, action = 'dynamodb:GetItem', resource = table, context = {} }: Case,
	own?: object[],
) =>
	evaluate(
		{ principal, action, resource, context },
		{
			identity: identity.length === 0 ? [] : [readPolicy('identity', document(identity), 'identity')],
			...(own === undefined ? {} : { resource: readPolicy('resource', document(own), 'resource') }),
		},
	);
const allow = (over: object = {}) => ({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, ...over });

describe('the evaluator of policies', () => {
	it.each<[string, object[], Case, boolean]>([
		['what a statement allows', [allow()], {}, true],
		['nothing without a statement', [], {}, false],
		['no other action', [allow()], { action: 'dynamodb:PutItem' }, false],
		['an action in whatever case', [allow({ Action: 'DynamoDB:getitem' })], {}, true],
		['actions by a wildcard', [allow({ Action: 'dynamodb:Get*' })], {}, true],
		['no other resource', [allow()], { resource: `${table}/index/byAccount` }, false],
		['resources by a wildcard', [allow({ Resource: `${table}/index/*` })], { resource: `${table}/index/byAccount` }, true],
		['a resource in its own case alone', [allow({ Resource: table.replace('rows', 'Rows') })], {}, false],
		['no wildcard of one part of an ARN in another', [allow({ Resource: 'arn:aws:dynamodb:*:table/rows:x' })], {}, false],
		['everything but NotAction', [{ Effect: 'Allow', NotAction: 'dynamodb:Put*', Resource: '*' }], {}, true],
		['nothing of NotAction', [{ Effect: 'Allow', NotAction: 'dynamodb:Get*', Resource: '*' }], {}, false],
		['everything but NotResource', [{ Effect: 'Allow', Action: '*', NotResource: `${table}/*` }], {}, true],
		['nothing of NotResource', [{ Effect: 'Allow', Action: '*', NotResource: table }], {}, false],
		['nothing that another statement denies', [allow(), allow({ Effect: 'Deny' })], {}, false],
		['nothing denied by NotResource', [allow(), { Effect: 'Deny', Action: '*', NotResource: `${table}x` }], {}, false],
		[
			'a path of the principal’s tag',
			[allow({ Resource: `arn:aws:dynamodb:*:*:table/${tagged('s2s-account')}` })],
			{ resource: table.replace('rows', 'acme') },
			true,
		],
		[
			'no path of another’s tag',
			[allow({ Resource: `arn:aws:dynamodb:*:*:table/${tagged('s2s-account')}` })],
			{ resource: table.replace('rows', 'acme-2') },
			false,
		],
		[
			'no path of a tag that the principal has not',
			[allow({ Resource: `arn:aws:dynamodb:*:*:table/${tagged('other')}*` })],
			{},
			false,
		],
		[
			'what a Deny leaves out by a tag that has no value, since the statement may be void',
			[allow(), { Effect: 'Deny', Action: '*', NotResource: `arn:aws:dynamodb:*:*:table/${tagged('other')}` }],
			{},
			true,
		],
	])('allows %s', (_, statements, request, allowed) => {
		expect(decide(statements, request).allowed).toBe(allowed);
	});

	it('takes a wildcard in a tag’s value literally', () => {
		const statements = [allow({ Resource: `arn:aws:dynamodb:*:*:table/${tagged('s2s-account')}` })];

		expect(decide(statements, { principal: { role: role.role, tags: { 's2s-account': '*' } } }).allowed).toBe(false);
	});

	it.each<[string, object, Context, boolean]>([
		['StringEquals', { StringEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, true],
		['StringEquals, another value', { StringEquals: { 'a:k': 'x' } }, { 'a:k': 'y' }, false],
		['StringEquals, a star', { StringEquals: { 'a:k': 'x*' } }, { 'a:k': 'xy' }, false],
		['StringEquals, no value', { StringEquals: { 'a:k': 'x' } }, {}, false],
		['StringEqualsIfExists, no value', { StringEqualsIfExists: { 'a:k': 'x' } }, {}, true],
		['StringNotEquals, another value', { StringNotEquals: { 'a:k': ['x', 'z'] } }, { 'a:k': 'y' }, true],
		['StringNotEquals, one of them', { StringNotEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, false],
		['StringNotEquals, no value', { StringNotEquals: { 'a:k': 'x' } }, {}, true],
		['StringLike', { StringLike: { 'a:k': 'x?z*' } }, { 'a:k': 'xyz1' }, true],
		['StringNotLike', { StringNotLike: { 'a:k': 'x*' } }, { 'a:k': 'xyz1' }, false],
		['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 'a:k': 'X' } }, { 'a:k': 'x' }, true],
		['a variable', { StringEquals: { 'a:k': tagged('s2s-account') } }, { 'a:k': 'acme' }, true],
		['a variable without a value', { StringEquals: { 'a:k': tagged('other') } }, { 'a:k': 'acme' }, false],
		['a variable without a value, negated', { StringNotEquals: { 'a:k': tagged('other') } }, { 'a:k': 'acme' }, true],
		[
			'ArnLike',
			{ ArnLike: { 'aws:SourceArn': 'arn:aws:execute-api:*:*:api/*/*/v1/vpcs' } },
			{ 'aws:SourceArn': 'arn:aws:execute-api:us-east-1:000000000000:api/$default/GET/v1/vpcs' },
			true,
		],
		[
			'ArnEquals with a star',
			{ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:*:t*' } },
			{ 'aws:SourceArn': 'arn:aws:sns:us-east-1:1:topic' },
			true,
		],
		[
			'ArnNotLike',
			{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:t*' } },
			{ 'aws:SourceArn': 'arn:aws:sns:us-east-1:1:topic' },
			false,
		],
		['Bool', { Bool: { 'aws:SecureTransport': 'true' } }, {}, true],
		['Bool, as CloudFormation writes it', { Bool: { 'aws:SecureTransport': true } }, {}, true],
		['Bool, the other', { Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
		['Null, nothing there', { Null: { 'a:k': 'true' } }, {}, true],
		['Null, something there', { Null: { 'a:k': 'true' } }, { 'a:k': 'x' }, false],
		['Null false, something there', { Null: { 'a:k': 'false' } }, { 'a:k': 'x' }, true],
		['ForAnyValue', { 'ForAnyValue:StringEquals': { 'a:k': ['x', 'y'] } }, { 'a:k': ['z', 'y'] }, true],
		['ForAnyValue, no value', { 'ForAnyValue:StringEquals': { 'a:k': 'x' } }, {}, false],
		['ForAllValues', { 'ForAllValues:StringLike': { 'a:k': ['x*', 'y'] } }, { 'a:k': ['x1', 'z'] }, false],
		['ForAllValues, no value', { 'ForAllValues:StringEquals': { 'a:k': 'x' } }, {}, true],
		['all keys of all operators', { StringEquals: { 'a:k': 'x', 'a:l': 'y' } }, { 'a:k': 'x' }, false],
		['a key in whatever case', { StringEquals: { 'AWS:sourceAccount': '1' } }, { 'aws:SourceAccount': '1' }, true],
	])('evaluates a condition of %s', (_, Condition, context, allowed) => {
		expect(decide([allow({ Condition })], { context }).allowed).toBe(allowed);
	});

	it.each<[string, object]>([
		['an unknown operator', { NumericLessThan: { 'a:k': '1' } }],
		['a set operator it does not know', { 'ForSomeValues:StringEquals': { 'a:k': '1' } }],
		['an IfExists of sets', { 'ForAnyValue:StringEqualsIfExists': { 'a:k': '1' } }],
		['a Null that would depend', { NullIfExists: { 'a:k': 'true' } }],
	])('stops at %s', (_, Condition) => {
		expect(() => decide([allow({ Condition })], { action: 'sqs:SendMessage' })).toThrow(UnknownPolicy);
	});

	it.each<[string, unknown]>([
		['an unknown element of a statement', document([allow({ NotPrincipal: '*' })])],
		['an unknown element of the policy', { ...document([allow()]), Rules: [] }],
		['the older language, which has no variables', { ...document([allow()]), Version: '2008-10-17' }],
		['both Action and NotAction', document([allow({ NotAction: 'x:y' })])],
		['no resource at all', document([{ Effect: 'Allow', Action: '*' }])],
		['half an ARN', document([allow({ Resource: 'arn:aws:dynamodb*' })])],
		['a variable before the last part of an ARN', document([allow({ Resource: `arn:aws:s3:${tagged('a')}::b` })])],
		['a principal in the policy of an identity', document([allow({ Principal: '*' })])],
	])('stops at %s', (_, policy) => {
		expect(() => readPolicy('policy', policy, 'identity')).toThrow(UnknownPolicy);
	});

	it('stops at a single-valued operator on a key with several values', () => {
		const statements = [allow({ Condition: { StringEquals: { 'a:k': 'x' } } })];

		expect(() => decide(statements, { context: { 'a:k': ['x', 'y'] } })).toThrow(UnknownPolicy);
	});

	it.each<[string, object[], object[], Case, boolean]>([
		['the identity’s policy alone', [allow({ Action: 'sns:Publish', Resource: topic })], [], {}, true],
		['the resource’s policy alone', [], [{ Principal: { AWS: role.role } }], {}, true],
		['anybody', [], [{ Principal: '*' }], {}, true],
		['the account, which allows nobody by that', [], [{ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }], {}, false],
		['another account', [], [{ Principal: { AWS: '111111111111' } }], {}, false],
		[
			'a denial of the resource',
			[allow({ Action: 'sns:Publish', Resource: topic })],
			[{ Effect: 'Deny', Principal: '*' }],
			{},
			false,
		],
		[
			'a denial of the whole account',
			[allow({ Action: 'sns:Publish', Resource: topic })],
			[{ Effect: 'Deny', Principal: { AWS: '000000000000' } }],
			{},
			false,
		],
		['a service that is named', [], [{ Principal: { Service: 'cloudwatch.amazonaws.com' } }], { principal: cloudwatch }, true],
		['a service that is not named', [], [{ Principal: { Service: 'events.amazonaws.com' } }], { principal: cloudwatch }, false],
		['a service and no policy', [], [], { principal: cloudwatch }, false],
	])('decides on a topic with %s', (_, identity, own, request, allowed) => {
		const statements = own.map((one) => ({ Effect: 'Allow', Action: 'sns:Publish', Resource: topic, ...one }));

		expect(decide(identity, { action: 'sns:Publish', resource: topic, ...request }, statements).allowed).toBe(allowed);
	});

	it.each<[string, object[], object[], boolean]>([
		[
			'lets the account decide, which does',
			[allow({ Action: 'kms:Decrypt', Resource: key })],
			[{ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }],
			true,
		],
		['lets the account decide, which does not', [], [{ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }], false],
		[
			'names another role',
			[allow({ Action: 'kms:Decrypt', Resource: key })],
			[{ Principal: { AWS: 'arn:aws:iam::000000000000:role/other' } }],
			false,
		],
		['names the role', [], [{ Principal: { AWS: role.role } }], true],
	])('decides on a KMS key whose policy %s', (_, identity, own, allowed) => {
		const statements = own.map((one) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...one }));

		expect(decide(identity, { action: 'kms:Decrypt', resource: key }, statements).allowed).toBe(allowed);
	});

	it('names the statement that decided', () => {
		expect(decide([allow({ Sid: 'Rows' })], {})).toEqual({ allowed: true, by: 'identity[Rows]' });
		expect(decide([allow(), allow({ Sid: 'Never', Effect: 'Deny' })], {})).toMatchObject({
			allowed: false,
			by: 'identity[Never]',
			why: 'with an explicit deny',
		});
		expect(decide([], {})).toMatchObject({ allowed: false, why: 'because no identity-based policy allows it' });
	});
});
