import * as z from 'zod';
import { NetworkSteering } from '../ec2/instance-network.ts';

/**
 * An instance as EC2 and Systems Manager know it. `terminated` is remembered for a while, tags and all; `gone` is one that was
 * terminated long ago, or never was.
 */
export const Instance = z.strictObject({
	state: z.enum(['running', 'stopped', 'terminated', 'gone']),
	/** The version of its Systems Manager agent. */
	agent: z.union([z.literal('none'), z.string().regex(/^\d+(\.\d+){3}$/)]),
	tags: z.record(z.string(), z.string()),
	/** What lies around it otherwise than docs/aws-router.md says. */
	network: NetworkSteering.optional(),
});
export type Instance = z.infer<typeof Instance>;

/** As the operations guide has routers made. */
export const routerInstance: Instance = { state: 'running', agent: '3.3.3572.0', tags: { 's2s:router': 'true' } };

export const goneInstance: Instance = { state: 'gone', agent: 'none', tags: {} };

/** The agent that first hands parameters on as environment variables (Systems Manager user guide, "parameter-troubleshooting"). */
const firstWithVariables = [3, 3, 2746, 0];

export const knowsVariables = (agent: string): boolean => {
	const parts = agent.split('.').map(Number);
	const at = firstWithVariables.findIndex((wanted, n) => parts[n] !== wanted);
	return at < 0 || (parts[at] ?? 0) > (firstWithVariables[at] ?? 0);
};

/** Whether Run Command sends to it; else the whole call is InvalidInstanceId. */
export const isManaged = ({ state, agent }: Instance): boolean => state === 'running' && agent !== 'none';
