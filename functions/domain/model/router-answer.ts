import * as z from 'zod';
import type { RouterReport } from './report.ts';

/** Why a router gave no report. None of these codes says anything about its tunnels. */
export const Silence = z.object({
	code: z.enum([
		'unreachable',
		'undeliverable',
		'terminated',
		'still-running',
		/** SendCommand refuses the call because of this instance: `InvalidInstanceId`, or `AccessDeniedException` if it is not tagged as a router. */
		'not-managed',
		/** Our own scripts say so: the agent has passed them no variables. */
		'agent-too-old',
		/** Our own scripts say so, before they change anything: a tool or a timer that they need is not there. */
		'tool-missing',
		'throttled',
		'unreadable',
		/** Our own check failed or came too late. */
		'not-asked',
	]),
	detail: z.string(),
});
export type Silence = z.infer<typeof Silence>;

export type RouterAnswer = { report: RouterReport } | { silence: Silence };

/** Printed by our scripts before they exit, if the agent has passed them no variables. */
export const agentTooOld = 'the agent of Systems Manager is too old';

/** Printed by our scripts before the names of what is missing. */
export const routerLacks = 'this router lacks: ';

/** `router-not-managed` if somebody has to fix the instance, `router-unreachable` if it may pass by itself. */
export const reasonOfSilence = ({ code }: Silence): 'router-not-managed' | 'router-unreachable' =>
	code === 'not-managed' || code === 'agent-too-old' || code === 'tool-missing' ? 'router-not-managed' : 'router-unreachable';
