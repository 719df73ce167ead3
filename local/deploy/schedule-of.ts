import type { Authority } from '../iam/authority.ts';
import type { Authorize } from '../iam/authorizer.ts';
import { invokedBy } from '../iam/invoked-by.ts';
import type { EventInvokeConfig } from '../lambda/async-invocation.ts';
import { minuteSchedule } from '../schedule.ts';
import type { Resolve, Stack } from '../stack.ts';
import type { Functions } from './functions-of.ts';

type Options = { resolve: Resolve; functions: Functions; authority: Authority; authorize: Authorize };
type Target = { Arn: string; RoleArn: string; Input: string };

/** The app's only schedule: the Scheduler invokes the tick under the schedule's role, retried as the function is configured. */
export const scheduleOf = (stack: Stack, { resolve, functions, authority, authorize }: Options) => {
	const [scheduled] = stack.ofType('AWS::Scheduler::Schedule').map((one) => resolve(one)['Target'] as Target);
	if (scheduled === undefined) throw new Error('the app has no schedule');
	const target = invokedBy(functions.byArn(scheduled.Arn), {
		authorize,
		caller: authority.role(scheduled.RoleArn),
		functionArn: scheduled.Arn,
		flow: 'schedule',
	});
	const configs = stack.ofType('AWS::Lambda::EventInvokeConfig').map(resolve) as (EventInvokeConfig & { FunctionName: string })[];
	const config = configs.find(({ FunctionName }) => FunctionName === target.name) ?? {};
	return minuteSchedule({ target, input: scheduled.Input, config });
};
