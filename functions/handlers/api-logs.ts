import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { logOperations } from '../http/operations/logs.ts';

export const handler = apiHandler(logOperations, { ports: lambdaPorts(), claims: claimNames() });
