import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { alertSubscriptionOperations } from '../http/alert-subscriptions/operations.ts';
import { alertSubscriptionRoutes } from '../http/alert-subscriptions/routes.ts';
import { apiHandler } from '../http/chain/api-handler.ts';

export const handler = apiHandler(alertSubscriptionRoutes, alertSubscriptionOperations, {
	ports: lambdaPorts(),
	claims: claimNames(),
});
