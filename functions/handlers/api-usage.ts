import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { usageOperations } from '../http/operations/usage.ts';

export const handler = apiHandler(usageOperations, { ports: lambdaPorts(), claims: claimNames() });
