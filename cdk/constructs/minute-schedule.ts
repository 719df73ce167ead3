import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, ContextAttribute } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** A late minute is worthless, since the next one does its work. Neither the Scheduler nor Lambda accepts less than this. */
const worthSeconds = 60;

/**
 * Invokes a function each minute. EventBridge ticks no faster: the checks between come from delayed messages. The Scheduler's
 * retries end with its delivery; Lambda by itself would try a tick that failed twice more, over up to six hours.
 */
export class MinuteSchedule extends Construct {
	constructor(scope: Construct, id: string, { lambda }: ServiceFunction) {
		super(scope, id);
		const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
		role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
		new CfnSchedule(this, 'Schedule', {
			scheduleExpression: 'rate(1 minute)',
			flexibleTimeWindow: { mode: 'OFF' },
			target: {
				arn: lambda.functionArn,
				roleArn: role.roleArn,
				// Lets the function recognize a minute that it has already had: delivery is at least once.
				input: JSON.stringify({ scheduledAt: ContextAttribute.scheduledTime }),
				retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: worthSeconds },
			},
		});
		lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(worthSeconds) });
	}
}
