import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { vpcOperations } from '../http/operations/vpcs.ts';

export const handler = apiHandler(vpcOperations, { ports: lambdaPorts(), claims: claimNames() });
