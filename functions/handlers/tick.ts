import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { tick } from '../usecases/tick.ts';

const ports = lambdaPorts();

export const handler = (): Promise<void> => tick(ports);
