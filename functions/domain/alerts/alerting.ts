import * as z from 'zod';

/** When an account is told of what was found; each is a setting of the deployment. */
export const Alerting = z.strictObject({
	/** Bad checks in a row before a connection is told down. */
	afterChecks: z.int().min(1).max(20).default(1),
	/** So many losses within the window are flapping: told once, and once more when it has settled. */
	flapLosses: z.int().min(2).max(50).default(4),
	flapWindowSeconds: z.int().min(60).max(86_400).default(1_800),
	/** Without a change for so long it has settled. */
	flapSettleSeconds: z.int().min(60).max(86_400).default(900),
});
export type Alerting = z.infer<typeof Alerting>;

export const defaultAlerting: Alerting = Alerting.parse({});
