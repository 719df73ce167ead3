import * as z from 'zod';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { checkRouters } from '../usecases/loops/check-routers.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts();

export const handler = queueHandler({
	schema: z.object({ vpcIds: z.array(z.string()), tickAt: z.iso.datetime(), again: z.boolean().optional() }),
	log: ports.log,
	run: (message, { attributes }) => checkRouters(ports, message, { redelivered: Number(attributes.ApproximateReceiveCount) > 1 }),
});
