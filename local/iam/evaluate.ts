import { holds } from './conditions.ts';
import type { Context } from './context.ts';
import { isResolved, matches, matchesArn } from './pattern.ts';
import type { Policy, Statement } from './policy.ts';
import { accountOf, type Principal, principalContext } from './principal.ts';

export type Request = { principal: Principal; action: string; resource: string; context?: Context };
export type Policies = { identity: readonly Policy[]; resource?: Policy };
/** `by`: the statement that decided, as `policy[statement]`. */
export type Verdict = { allowed: true; by: string } | { allowed: false; by?: string; why: string };

type Match = { at: string; statement: Statement };

/**
 * What IAM would say within one account: an explicit Deny wins, then the identity's policies or the resource's own may allow. A key of
 * KMS is the exception, which the identity's policies only reach where its own policy says so for the account; and a service of AWS
 * has no policies but the resource's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export const evaluate = ({ principal, action, resource, context = {} }: Request, policies: Policies): Verdict => {
	const known = { ...context, ...principalContext(principal) };
	const applying = ({ name, statements }: Policy): Match[] =>
		statements
			.filter((statement) => applies(statement, { action, resource, context: known }))
			.map((statement) => ({ at: `${name}[${statement.sid}]`, statement }));
	const identity = policies.identity.flatMap(applying);
	const own = policies.resource === undefined ? [] : applying(policies.resource).flatMap((match) => withReach(match, principal));

	const denied = [...identity, ...own].find(({ statement }) => statement.effect === 'Deny');
	if (denied !== undefined) return { allowed: false, by: denied.at, why: 'with an explicit deny' };
	const direct = own.find(({ reach }) => reach === 'principal');
	if (direct !== undefined) return { allowed: true, by: direct.at };
	const [granted] = identity;
	if (granted === undefined)
		return { allowed: false, why: `because no ${'role' in principal ? 'identity' : 'resource'}-based policy allows it` };
	if (action.toLowerCase().startsWith('kms:') && own.length === 0) {
		return { allowed: false, why: 'because the key policy does not let the account decide' };
	}
	return { allowed: true, by: granted.at };
};

const applies = (
	{ actions, resources, tests }: Statement,
	{ action, resource, context }: { action: string; resource: string; context: Context },
): boolean =>
	actions.patterns.some((pattern) => matches(pattern, action, {}, { ignoreCase: true })) !== actions.not &&
	covers(resources, resource, context) &&
	tests.every((test) => holds(test, context));

/**
 * With a variable that has no value a resource "will not match any resource", in NotResource too, and the variable "might cause the
 * entire statement to be invalid". So nobody may rest on what a NotResource leaves out by one: it covers nothing, in a Deny as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const covers = ({ not, patterns }: Statement['resources'], resource: string, context: Context): boolean => {
	const named = patterns.some((pattern) => pattern === '*' || matchesArn(pattern, resource, context));
	return not ? !named && patterns.every((pattern) => isResolved(pattern, context)) : named;
};

/** Of a resource's policy, whom a statement speaks of: the caller, or the whole account, which allows nobody by that alone. */
const withReach = (match: Match, principal: Principal): (Match & { reach: 'principal' | 'account' })[] => {
	const { AWS = [], Service = [] } = match.statement.principals ?? {};
	const direct = AWS.includes('*') || ('role' in principal ? AWS.includes(principal.role) : Service.includes(principal.service));
	if (direct) return [{ ...match, reach: 'principal' }];
	if ('service' in principal) return [];
	const account = accountOf(principal);
	const named = AWS.some((one) => one === account || one === `arn:aws:iam::${account}:root`);
	return named ? [{ ...match, reach: 'account' }] : [];
};
