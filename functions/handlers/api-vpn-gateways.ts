import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { vpnGatewayOperations } from '../http/operations/vpn-gateways.ts';

export const handler = apiHandler(vpnGatewayOperations, { ports: lambdaPorts(), claims: claimNames() });
