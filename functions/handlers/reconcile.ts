import * as z from 'zod';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { reconcileRouter } from '../usecases/loops/reconcile-router.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts();

/** The message's id owns the lease, so that its redelivery after a crash may go on at once. */
export const handler = queueHandler({
	schema: z.object({ vpcId: z.string(), ifBehind: z.boolean().optional() }),
	log: ports.log,
	run: ({ vpcId, ifBehind }, { messageId }) => reconcileRouter(ports, { vpcId, owner: messageId, ifBehind }),
});
