import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { usageOperations } from '../http/usage/operations.ts';
import { usageRoutes } from '../http/usage/routes.ts';

export const handler = apiHandler(usageRoutes, usageOperations, {
	ports: lambdaPorts(dynamodbPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
