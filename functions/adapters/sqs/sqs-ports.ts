import { SQSClient } from '@aws-sdk/client-sqs';
import { namesOf } from '../../environment.ts';
import type { Ports } from '../../ports.ts';
import { sqsQueues } from './sqs-queues.ts';

export const sqsPorts = (): Pick<Ports, 'queues'> => ({
	queues: sqsQueues(
		new SQSClient({}),
		namesOf({ reconcile: 'QUEUE_RECONCILE_URL', check: 'QUEUE_CHECK_URL', alert: 'QUEUE_ALERT_URL' }),
	),
});
