import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/api-handler.ts';
import { alertSubscriptionOperations } from '../http/operations/alert-subscriptions.ts';

export const handler = apiHandler(alertSubscriptionOperations, { ports: lambdaPorts(), claims: claimNames() });
