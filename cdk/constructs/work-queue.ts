import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** Longer than any message is delayed and processed; one that keeps failing becomes a dead letter within minutes. */
const waitsTooLong = Duration.minutes(5);

/** A queue with a dead-letter queue, and alarms on dead letters and on messages that wait too long. */
export class WorkQueue extends Construct {
	readonly queue: Queue;

	constructor(scope: Construct, id: string, { worksFor, operators }: { worksFor: Duration; operators: ITopic }) {
		super(scope, id);
		const deadLetters = new Queue(this, 'DeadLetters', { retentionPeriod: Duration.days(14), enforceSSL: true });
		this.queue = new Queue(this, 'Queue', {
			// A message must not come back while its function may still be processing it.
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
		new Alarm(this, 'AgeAlarm', {
			metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
			threshold: waitsTooLong.toSeconds(),
			comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
			evaluationPeriods: 3,
			treatMissingData: TreatMissingData.NOT_BREACHING,
			alarmDescription: `${id} messages have waited for more than five minutes: their function does not take them, or fails`,
		}).addAlarmAction(new SnsAction(operators));
	}

	/** Lambda receives messages with the function's role. The managed policy for that, AWSLambdaSQSQueueExecutionRole, has these three calls. */
	feeds(fn: ServiceFunction, { batchSize, maxConcurrency }: { batchSize: number; maxConcurrency: number }): void {
		fn.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn]);
		fn.lambda.addEventSourceMapping('Messages', {
			eventSourceArn: this.queue.queueArn,
			batchSize,
			maxConcurrency,
			reportBatchItemFailures: true,
		});
	}
}
