import { FunctionError, type LocalFunction } from '../lambda/local-function.ts';
import type { Caller } from './authority.ts';
import type { Authorize } from './authorizer.ts';
import type { Context } from './context.ts';

type Invocation = { authorize: Authorize; caller: Caller; functionArn: string; flow: string; context?: Context };

/** A function as somebody else invokes it, where their role or the function's own policy lets them. */
export const invokedBy = (
	target: LocalFunction,
	{ authorize, caller, functionArn, flow, context = {} }: Invocation,
): LocalFunction => ({
	...target,
	async invoke(event) {
		const denial = authorize(caller, [{ action: 'lambda:InvokeFunction', resource: functionArn, context }], flow);
		if (denial !== undefined) throw new FunctionError(denial.message);
		return target.invoke(event);
	},
});
