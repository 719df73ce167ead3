import * as z from 'zod';

/** What becomes of a tunnel or of a route. */
export const PlanEffect = z.enum(['bounces', 'comes', 'goes']);

/** What a change would do; it contains no secret. */
export const ChangePlan = z.object({
	dryRun: z.literal(true),
	/** The fields that would differ, as JSON Pointers. */
	changes: z.array(z.object({ pointer: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })),
	/** The router's files that would differ, as unified diffs. */
	files: z.array(z.object({ path: z.string(), diff: z.string() })),
	/** The tunnels that are taken down and brought up again, added, and removed. */
	tunnels: z.array(
		z.object({
			connectionId: z.string(),
			localCidr: z.string(),
			remoteCidr: z.string(),
			effect: PlanEffect,
		}),
	),
	/** The routes that are made in the VPC's route tables and taken away from them; absent where there are none. */
	routes: z.array(z.object({ routeTableId: z.string(), cidr: z.string(), effect: PlanEffect.exclude(['bounces']) })).optional(),
	/** What has to be changed on the peer device for the tunnel to come up again. */
	peer: z.array(z.object({ setting: z.string(), from: z.string().optional(), to: z.string().optional() })),
	warnings: z.array(z.string()).optional(),
});
export type ChangePlan = z.infer<typeof ChangePlan>;
