import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** A queue with its dead letters, which the operators hear of. */
export class WorkQueue extends Construct {
	readonly queue: Queue;

	constructor(scope: Construct, id: string, { worksFor, operators }: { worksFor: Duration; operators: ITopic }) {
		super(scope, id);
		const deadLetters = new Queue(this, 'DeadLetters', { retentionPeriod: Duration.days(14), enforceSSL: true });
		this.queue = new Queue(this, 'Queue', {
			// A message must not come back while its function may still be at it.
			visibilityTimeout: worksFor.plus(Duration.seconds(15)),
			retentionPeriod: Duration.hours(6),
			deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
			enforceSSL: true,
		});
		new Alarm(this, 'DeadLetterAlarm', {
			metric: deadLetters.metricApproximateNumberOfMessagesVisible(),
			threshold: 0,
			comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
			evaluationPeriods: 1,
			treatMissingData: TreatMissingData.NOT_BREACHING,
			alarmDescription: `A ${id} message failed five times`,
		}).addAlarmAction(new SnsAction(operators));
	}

	feeds({ lambda }: ServiceFunction, { batchSize, maxConcurrency }: { batchSize: number; maxConcurrency: number }): void {
		lambda.addEventSource(new SqsEventSource(this.queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }));
	}
}
