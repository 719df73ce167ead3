import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** Invokes a function each minute. EventBridge ticks no faster: the checks between come from delayed messages. */
export class MinuteSchedule extends Construct {
	constructor(scope: Construct, id: string, { lambda }: ServiceFunction) {
		super(scope, id);
		const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
		role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
		new CfnSchedule(this, 'Schedule', {
			scheduleExpression: 'rate(1 minute)',
			flexibleTimeWindow: { mode: 'OFF' },
			// A tick that comes late is worth nothing: the next one does its work.
			target: { arn: lambda.functionArn, roleArn: role.roleArn, input: '{}', retryPolicy: { maximumRetryAttempts: 0 } },
		});
	}
}
