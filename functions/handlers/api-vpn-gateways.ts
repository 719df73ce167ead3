import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { vpnGatewayOperations } from '../http/vpn-gateways/operations.ts';
import { vpnGatewayRoutes } from '../http/vpn-gateways/routes.ts';

export const handler = apiHandler(vpnGatewayRoutes, vpnGatewayOperations, {
	ports: lambdaPorts(dynamodbPorts(), cursorPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
