import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { ec2Ports } from '../adapters/ec2/ec2-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { customerGatewayOperations } from '../http/customer-gateways/operations.ts';
import { customerGatewayRoutes } from '../http/customer-gateways/routes.ts';

export const handler = apiHandler(customerGatewayRoutes, customerGatewayOperations, {
	ports: lambdaPorts(dynamodbPorts(), sqsPorts(), ssmPorts(), ec2Ports(), cursorPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
