import * as z from 'zod';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sendAlerts } from '../usecases/loops/send-alerts.ts';
import { queueHandler } from './queue-handler.ts';

const ports = lambdaPorts();

export const handler = queueHandler({
	schema: z.object({ accountId: z.string() }),
	log: ports.log,
	run: ({ accountId }) => sendAlerts(ports, accountId),
});
