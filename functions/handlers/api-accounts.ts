import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { accountOperations } from '../http/accounts/operations.ts';
import { accountRoutes } from '../http/accounts/routes.ts';
import { apiHandler } from '../http/chain/api-handler.ts';

export const handler = apiHandler(accountRoutes, accountOperations, {
	ports: lambdaPorts(dynamodbPorts(), cursorPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
