import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { customerGatewayOperations } from '../http/operations/customer-gateways.ts';

export const handler = apiHandler(customerGatewayOperations, { ports: lambdaPorts(), claims: claimNames() });
