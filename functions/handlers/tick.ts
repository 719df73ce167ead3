import * as z from 'zod';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { tick } from '../usecases/loops/tick.ts';

const ports = lambdaPorts();
const Minute = z.object({ scheduledAt: z.string().optional() });

export const handler = (event: unknown): Promise<void> => tick(ports, Minute.parse(event));
