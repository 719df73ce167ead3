import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Caller } from '../../usecases/shared/caller.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import { type Claims, callerOf } from './caller-of.ts';
import type { Route } from './route.ts';

/** Who calls, if they may use the route at all. Whose rows they may see is decided where the rows are read. */
export const authenticated = ({ who }: Route, { headers }: APIGatewayProxyEventV2, claims: Claims): Caller => {
	const caller = callerOf(headers['authorization'], claims);
	if (who === 'admin' && !caller.admin) throw new ProblemError('forbidden', 'only an admin may do this');
	return caller;
};
