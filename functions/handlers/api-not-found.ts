import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { methodsAt } from '../http/chain/methods-at.ts';
import { problemReply } from '../http/chain/problems.ts';
import { routes } from '../http/routes.ts';
import { ProblemError } from '../usecases/shared/problem-error.ts';

export const handler = async ({ rawPath, requestContext }: APIGatewayProxyEventV2) => {
	const methods = methodsAt(routes, rawPath);
	const instead = methods.length === 0 ? '' : `; this path takes ${methods.join(', ')}`;
	const problem = new ProblemError(
		'not-found',
		`there is no route ${requestContext.http.method} ${rawPath}${instead}; see /v1/openapi.json`,
	);
	const { status, headers, body } = problemReply(problem, requestContext.requestId);
	return { statusCode: status, headers: methods.length === 0 ? headers : { ...headers, allow: methods.join(', ') }, body };
};
