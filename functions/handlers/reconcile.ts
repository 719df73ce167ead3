import * as z from 'zod';
import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { ec2Ports } from '../adapters/ec2/ec2-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { reconcileRouter } from '../usecases/loops/reconcile-router.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts(dynamodbPorts(), sqsPorts(), ssmPorts(), ec2Ports('change'));

/** The message's id owns the lease, so that its redelivery after a crash may go on at once. */
export const handler = queueHandler({
	schema: z.object({ vpcId: z.string(), ifBehind: z.boolean().optional(), routes: z.boolean().optional() }),
	log: ports.log,
	run: (message, { messageId }) => reconcileRouter(ports, { ...message, owner: messageId }),
});
