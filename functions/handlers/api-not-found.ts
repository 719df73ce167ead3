import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { problemReply } from '../http/chain/problems.ts';
import { ProblemError } from '../usecases/shared/problem-error.ts';

export const handler = async ({ rawPath, requestContext }: APIGatewayProxyEventV2) => {
	const problem = new ProblemError(
		'not-found',
		`there is no route ${requestContext.http.method} ${rawPath}; see /v1/openapi.json`,
	);
	const { status, headers, body } = problemReply(problem, requestContext.requestId);
	return { statusCode: status, headers, body };
};
