import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { ssmPorts } from '../adapters/ssm/ssm-ports.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { logOperations } from '../http/logs/operations.ts';
import { logRoutes } from '../http/logs/routes.ts';

export const handler = apiHandler(logRoutes, logOperations, {
	ports: lambdaPorts(dynamodbPorts(), ssmPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
