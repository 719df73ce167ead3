import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { ec2Ports } from '../adapters/ec2/ec2-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { routerCheckOperations } from '../http/router-check/operations.ts';
import { routerCheckRoutes } from '../http/router-check/routes.ts';

export const handler = apiHandler(routerCheckRoutes, routerCheckOperations, {
	ports: lambdaPorts(dynamodbPorts(), ec2Ports(), ssmPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
