import * as z from 'zod';
import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { snsPorts } from '../adapters/sns/sns-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { sendAlerts } from '../usecases/loops/send-alerts.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts(dynamodbPorts(), sqsPorts(), snsPorts());

export const handler = queueHandler({
	schema: z.object({ accountId: z.string() }),
	log: ports.log,
	run: ({ accountId }) => sendAlerts(ports, accountId),
});
