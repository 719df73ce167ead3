import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { connectionOperations } from '../http/operations/connections.ts';

export const handler = apiHandler(connectionOperations, { ports: lambdaPorts(), claims: claimNames() });
