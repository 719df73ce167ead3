import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Log } from '../../ports.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import { problemReply } from './problems.ts';
import { resultOf } from './reply.ts';

/** Answers what was thrown as a problem; what is no refusal of ours is logged, and answered with the request's id alone. */
export const problemAnswers = (
	log: Log,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context> => ({
	onError: (request) => {
		const { awsRequestId: requestId } = request.context;
		if (!(request.error instanceof ProblemError)) {
			log.error('request failed', { requestId, error: request.error });
		}
		request.response = resultOf(problemReply(request.error, requestId));
	},
});
