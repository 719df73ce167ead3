import { arn, type Need } from '../need.ts';

/** A batch needs the right of its single call. */
const actions = [
	'SendMessage',
	'ReceiveMessage',
	'DeleteMessage',
	'ChangeMessageVisibility',
	'GetQueueAttributes',
	'GetQueueUrl',
];

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
export const sqsNeeds = (
	operation: string,
	{ QueueUrl, QueueName }: { QueueUrl?: string; QueueName?: string },
): Need[] | undefined => {
	const action = operation.replace(/Batch$/, '');
	const queue = QueueName ?? QueueUrl?.split('/').at(-1);
	if (!actions.includes(action) || queue === undefined) return undefined;
	return [{ action: `sqs:${action}`, resource: arn('sqs', queue) }];
};
