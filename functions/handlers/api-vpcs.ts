import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { ec2Ports } from '../adapters/ec2/ec2-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { vpcOperations } from '../http/vpcs/operations.ts';
import { vpcRoutes } from '../http/vpcs/routes.ts';

export const handler = apiHandler(vpcRoutes, vpcOperations, {
	ports: lambdaPorts(dynamodbPorts(), sqsPorts(), ec2Ports(), cursorPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
