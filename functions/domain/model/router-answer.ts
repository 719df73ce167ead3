import * as z from 'zod';
import type { RouterReport } from './report.ts';

/** Why a router gave no report. None of them says anything about its tunnels. */
export const Silence = z.object({
	code: z.enum([
		'unreachable',
		'undeliverable',
		'terminated',
		'still-running',
		/** Systems Manager refuses the call because of this instance. */
		'not-managed',
		'agent-too-old',
		'throttled',
		'unreadable',
		/** The check failed, or came too late, for a reason of ours. */
		'not-asked',
	]),
	detail: z.string(),
});
export type Silence = z.infer<typeof Silence>;

export type RouterAnswer = { report: RouterReport } | { silence: Silence };

/** What a script of ours prints, and ends with, where the agent has handed it no variables. */
export const agentTooOld = 'the agent of Systems Manager is too old';

/** Of what a user can mend on the instance, and of what may pass by itself. */
export const reasonOfSilence = ({ code }: Silence): 'router-not-managed' | 'router-unreachable' =>
	code === 'not-managed' || code === 'agent-too-old' ? 'router-not-managed' : 'router-unreachable';
