import * as z from 'zod';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { checkRouters } from '../usecases/check-routers.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts();

export const handler = queueHandler({
	schema: z.object({ vpcIds: z.array(z.string()), tickAt: z.iso.datetime() }),
	log: ports.log,
	run: (message) => checkRouters(ports, message),
});
