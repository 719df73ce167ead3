import * as z from 'zod';
import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { tick } from '../usecases/loops/tick.ts';

const ports = lambdaPorts(dynamodbPorts(), sqsPorts(), ssmPorts());
const Minute = z.object({ scheduledAt: z.string().optional() });

export const handler = (event: unknown): Promise<void> => tick(ports, Minute.parse(event));
