import * as z from 'zod';
import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { tick } from '../usecases/loops/tick.ts';
import { scheduleHandler } from './schedule-handler.ts';

const ports = lambdaPorts(dynamodbPorts(), sqsPorts(), ssmPorts());

export const handler = scheduleHandler({
	schema: z.object({ scheduledAt: z.string().optional() }),
	log: ports.log,
	run: (minute) => tick(ports, minute),
});
