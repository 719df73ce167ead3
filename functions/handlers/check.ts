import * as z from 'zod';
import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { checkRouters } from '../usecases/loops/check-routers.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts(dynamodbPorts(), sqsPorts(), ssmPorts());

export const handler = queueHandler({
	schema: z.object({
		vpcIds: z.array(z.string()),
		tickAt: z.iso.datetime(),
		again: z.boolean().optional(),
		routes: z.union([z.int(), z.literal('all')]).optional(),
	}),
	log: ports.log,
	run: (message, { attributes }) => checkRouters(ports, message, { redelivered: Number(attributes.ApproximateReceiveCount) > 1 }),
});
