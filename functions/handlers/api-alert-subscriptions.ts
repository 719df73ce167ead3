import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { snsPorts } from '../adapters/sns/sns-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { alertSubscriptionOperations } from '../http/alert-subscriptions/operations.ts';
import { alertSubscriptionRoutes } from '../http/alert-subscriptions/routes.ts';
import { apiHandler } from '../http/chain/api-handler.ts';

export const handler = apiHandler(alertSubscriptionRoutes, alertSubscriptionOperations, {
	ports: lambdaPorts(dynamodbPorts(), snsPorts(), cursorPorts()),
	claims: claimNames(),
	logContext: requestLogContext(),
});
