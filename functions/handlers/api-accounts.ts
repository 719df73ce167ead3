import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { accountOperations } from '../http/operations/accounts.ts';

export const handler = apiHandler(accountOperations, { ports: lambdaPorts(), claims: claimNames() });
