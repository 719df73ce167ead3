import { Stack } from 'aws-cdk-lib';
import type { Together, TouchedQueue, TouchedTable, Touches } from '../../functions/http/chain/touches.ts';
import { alertTopics, cursorSecret, type Settings } from '../settings.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { RouterDocuments } from './router-documents.ts';
import type { ServiceFunction } from './service-function.ts';
import type { WorkQueue } from './work-queue.ts';

type Parts = {
	settings: Settings;
	stateful: StatefulStack;
	queues: Record<TouchedQueue, WorkQueue>;
	documents: RouterDocuments;
};

/** Allows a function what its row of the grants names, resource by resource. */
export const granted = (
	fn: ServiceFunction,
	{ tables, indexes, queues, documents, secrets, cursors, topics, routes }: Together,
	parts: Parts,
): void => {
	const tableArn = (name: string) => parts.stateful.tables[name as TouchedTable].tableArn;
	for (const [name, calls] of Object.entries(tables)) {
		fn.allow(
			calls.map((call) => `dynamodb:${call}`),
			[tableArn(name)],
		);
	}
	for (const [name, asked] of Object.entries(indexes)) {
		fn.allow(
			['dynamodb:Query'],
			asked.map((index) => `${tableArn(name)}/index/${index}`),
		);
	}
	if (queues.length > 0) {
		fn.allow(
			['sqs:SendMessage'],
			queues.map((name) => parts.queues[name].queue.queueArn),
		);
	}
	if (documents.length > 0) runs(fn, documents, parts);
	if (secrets.length > 0) keeps(fn, secrets, parts);
	if (cursors) signs(fn, parts);
	if (topics.length > 0) tells(fn, topics, parts);
	if (routes.length > 0) routesBy(fn, routes);
};

/** Run Command on instances that are tagged as routers, and on no others. */
const runs = (fn: ServiceFunction, names: Required<Touches>['documents'], { documents }: Parts): void => {
	const stack = Stack.of(fn);
	fn.allow(
		['ssm:SendCommand'],
		names.map((name) => documents.arns[name]),
	);
	fn.allow(
		['ssm:SendCommand'],
		[
			stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' }),
			stack.formatArn({ service: 'ssm', resource: 'managed-instance', resourceName: '*' }),
		],
		'Routers are known by their tag, which the condition requires.',
		{ StringEquals: { 'aws:ResourceTag/s2s:router': 'true' } },
	);
	// Many routers are looked at by a list, one alone by itself.
	const listing = names.includes('check') ? ['ssm:ListCommandInvocations'] : [];
	fn.allow(
		[...listing, 'ssm:GetCommandInvocation', 'ssm:DescribeInstanceInformation'],
		['*'],
		'These calls do not support resources.',
	);
};

const keeps = (fn: ServiceFunction, calls: Required<Touches>['secrets'], { settings, stateful }: Parts): void => {
	fn.allow(
		calls.map((call) => `ssm:${call}`),
		[Stack.of(fn).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `s2s/${settings.stage}/*` })],
		'Every customer gateway has a parameter below the stage’s own path.',
	);
	// Parameter Store encrypts a standard parameter in the caller's name.
	if (calls.includes('PutParameter')) fn.allow(['kms:Encrypt'], [stateful.pskKey.keyArn]);
};

/** Secrets Manager's secret, read by the reference that Parameter Store has to it. */
const signs = (fn: ServiceFunction, { settings, stateful }: Parts): void => {
	const resourceName = `aws/reference/secretsmanager/${cursorSecret(settings)}`;
	fn.allow(['ssm:GetParameter'], [Stack.of(fn).formatArn({ service: 'ssm', resource: 'parameter', resourceName })]);
	fn.allow(['secretsmanager:GetSecretValue'], [stateful.cursorSecret.secretArn]);
};

const tells = (fn: ServiceFunction, calls: Required<Touches>['topics'], { settings }: Parts): void => {
	const ofTopics = calls.filter((call) => call !== 'Unsubscribe' && call !== 'PublishToPhone').map((call) => `sns:${call}`);
	const topics = Stack.of(fn).formatArn({ service: 'sns', resource: `${alertTopics(settings)}*` });
	fn.allow(ofTopics, [topics], 'Each account has a topic of its own, created when it is first needed.');
	if (calls.includes('PublishToPhone')) {
		fn.allow(['sns:Publish'], ['*'], 'A phone number is no resource; what is one is denied beside it.');
		fn.deny(['sns:Publish'], [Stack.of(fn).formatArn({ service: 'sns', region: '*', account: '*', resource: '*' })]);
	}
	if (calls.includes('Unsubscribe')) fn.allow(['sns:Unsubscribe'], ['*'], 'The call does not support resources.');
};

/** Changes only of tables whose owner has tagged them for it; who may look sees all of them. */
const routesBy = (fn: ServiceFunction, calls: Required<Touches>['routes']): void => {
	const isRead = (call: string) => call.startsWith('Describe');
	fn.allow(
		calls.filter(isRead).map((call) => `ec2:${call}`),
		['*'],
		'These calls do not support resources.',
	);
	const changes = calls.filter((call) => !isRead(call)).map((call) => `ec2:${call}`);
	if (changes.length === 0) return;
	fn.allow(
		changes,
		[Stack.of(fn).formatArn({ service: 'ec2', resource: 'route-table', resourceName: '*' })],
		'Route tables are known by their tag, which the condition requires.',
		{ StringEquals: { 'aws:ResourceTag/s2s:routes': 'true' } },
	);
};
