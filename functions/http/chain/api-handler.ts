import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Ports } from '../../ports.ts';
import { spendChange } from '../../usecases/shared/change-of-account.ts';
import { impatient } from '../../usecases/shared/impatient.ts';
import { lookingOnce } from '../../usecases/shared/looking-once.ts';
import { authenticated } from './authenticated.ts';
import type { Claims } from './caller-of.ts';
import { once } from './idempotency.ts';
import type { Answer, Operations } from './operation.ts';
import { parsedInput } from './parsed-input.ts';
import { problemAnswers } from './problem-answers.ts';
import { replyOf, resultOf } from './reply.ts';
import { isChange, type Route } from './route.ts';
import { routed } from './routed.ts';

/** Each operation is checked against its route where the table of operations is written; here they share one type. */
type AnyOperation = (ports: Ports, request: object) => Promise<Answer>;

const operationOf = (operations: object, id: string | undefined): AnyOperation => {
	const operation = id === undefined ? undefined : (operations as Record<string, AnyOperation | undefined>)[id];
	if (operation === undefined && id !== undefined) throw new Error(`no operation ${id}`);
	return operation ?? (async () => ({}));
};

type Around = {
	ports: Ports;
	claims: Claims;
	/** Puts the ids of a request into every line that is logged on its behalf. */
	logContext: MiddlewareObj[];
};

/** The Lambda of one resource: the way of each request, from the event of API Gateway to its answer. */
export const apiHandler = <const Routes extends readonly Route[]>(
	routes: Routes,
	operations: Operations<Routes>,
	{ ports, claims, logContext }: Around,
) =>
	middy()
		.use(logContext)
		.use(problemAnswers(ports.log))
		.handler(async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
			const { route, operation } = routed(routes, operations as Record<string, AnyOperation | undefined>, event);
			const caller = authenticated(route, event, claims);
			const input = parsedInput(route, event);
			const { params, query, body } = input;
			const changes = isChange(route);
			if (changes) await spendChange(ports, caller);
			const request = {
				route,
				caller,
				path: event.rawPath,
				key: event.headers['idempotency-key'],
				query,
				parsedBody: body,
				params,
			};
			const show = operationOf(operations, route.shownBy);
			const reply = await once(ports, request, {
				answer: async (committing) =>
					replyOf(route, await operation(changes ? lookingOnce(impatient(committing)) : committing, { caller, ...input })),
				show: async (id) => {
					const shown = await show(ports, { caller, params: { id } });
					const body = { ...shown.body, ...route.repeated };
					return replyOf(route, { ...shown, body, ...(route.showsPending?.(body) ? { status: 202 } : {}) });
				},
			});
			return resultOf(reply);
		});
