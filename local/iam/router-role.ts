import { awsAccount } from '../stack.ts';
import { type Authority, managed, type Role } from './authority.ts';

/** The policy that AWS's own guides give an instance for its agent. */
const core = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

/** The role of a router's instance, as an operator makes it by our documents: our policies, AWS's for the agent, and the account in a tag. */
export const routerRole = ({ forOthers }: Authority, account: string | undefined): Role => ({
	principal: {
		role: `arn:aws:iam::${awsAccount}:role/s2s-router`,
		tags: account === undefined ? {} : { 's2s-account': account },
	},
	policies: [...forOthers, managed(core)],
});
