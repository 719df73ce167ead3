import * as z from 'zod';

/** When an account gets an alert; each value is a setting of the deployment. */
export const Alerting = z.strictObject({
	/** Failed checks in a row before a connection is reported as down. */
	afterChecks: z.int().min(1).max(20).default(1),
	/** This many losses within the window, or times that it is degraded, are flapping, which is reported once, and once more when it has settled. */
	flapLosses: z.int().min(2).max(50).default(4),
	flapWindowSeconds: z.int().min(60).max(86_400).default(1_800),
	/** A flapping connection has settled after this long without a change. */
	flapSettleSeconds: z.int().min(60).max(86_400).default(900),
});
export type Alerting = z.infer<typeof Alerting>;

export const defaultAlerting: Alerting = Alerting.parse({});
