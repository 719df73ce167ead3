import type { ParameterStore } from '../ssm/parameter-store.ts';
import type { Authority } from './authority.ts';
import type { Authorize } from './authorizer.ts';
import { readingNeeds } from './needs/ssm.ts';
import { routerRole } from './router-role.ts';

type Outside = {
	authority: Authority;
	authorize: Authorize;
	parameters: Pick<ParameterStore, 'keyOf'>;
	/** The account that the role of the instance is tagged for. */
	accountOf(instanceId: string): Promise<string | undefined>;
};

/** What a router's `aws` may not have, since its role does not let it. */
export const routerAccess = ({ authority, authorize, parameters, accountOf }: Outside) => ({
	/** By the parameter's name as it was given, the message of the refusal. */
	async refusedKeys(instanceId: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
		const role = routerRole(authority, await accountOf(instanceId));
		return new Map(
			names.flatMap((name): [string, string][] => {
				const denial = authorize(role, readingNeeds(name, parameters.keyOf(name.replace(/:\d+$/, ''))), 'router');
				return denial === undefined ? [] : [[name, denial.message]];
			}),
		);
	},
});
