import type { Caller } from '../../../local/iam/authority.ts';
import type { Policy, Statement } from '../../../local/iam/policy.ts';

/** One action on one resource, in one statement of one policy. */
export type Grant = { policy: string; statement: string; action: string; resource: string };
type Role = Extract<Caller, { policies: unknown }>;

const allows = ({ effect }: Statement): boolean => effect === 'Allow';

export const grantsOf = ({ policies }: Pick<Role, 'policies'>): Grant[] =>
	policies.flatMap(({ name, statements }) =>
		statements.filter(allows).flatMap(({ sid, actions, resources }) => {
			if (actions.not || resources.not) throw new Error(`${name}[${sid}] allows what it does not name`);
			return actions.patterns.flatMap((action) =>
				resources.patterns.map((resource) => ({ policy: name, statement: sid, action, resource })),
			);
		}),
	);

/** The role with all its grants but one: of its statement two are left, those of the other actions and of the other resources. */
export const without = <R extends Pick<Role, 'policies'>>(role: R, grant: Grant): R => ({
	...role,
	policies: role.policies.map((policy) => (policy.name === grant.policy ? less(policy, grant) : policy)),
});

const less = (policy: Policy, { statement, action, resource }: Grant): Policy => ({
	...policy,
	statements: policy.statements.flatMap((one) => {
		if (one.sid !== statement || !allows(one)) return [one];
		const other = (patterns: readonly string[], but: string) => ({
			not: false,
			patterns: patterns.filter((pattern) => pattern !== but),
		});
		return [
			{ ...one, actions: other(one.actions.patterns, action) },
			{ ...one, actions: { not: false, patterns: [action] }, resources: other(one.resources.patterns, resource) },
		];
	}),
});
