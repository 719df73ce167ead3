import type { Authority, Caller } from './authority.ts';
import type { CallLog } from './call-log.ts';
import type { Need } from './need.ts';
import { nameOf } from './principal.ts';

/** One of the needs of a call that was not met: it fails the whole call, and its message names this one. */
export type Denial = { action: string; resource: string; message: string };
export type Authorize = (caller: Caller, needs: readonly Need[], flow: string) => Denial | undefined;

/** Decides whole calls, and remembers what it decided. */
export const authorizer =
	({ authority, calls }: { authority: Pick<Authority, 'decide'>; calls: CallLog }): Authorize =>
	(caller, needs, flow) => {
		const { principal } = caller;
		const denials = needs.flatMap((need): Denial[] => {
			const verdict = authority.decide(caller, need);
			calls.add({ ...need, principal, flow, allowed: verdict.allowed });
			if (verdict.allowed) return [];
			const { action, resource } = need;
			const who = nameOf(principal).replace(/^arn:aws:iam::(\d+):role\/(.*)$/, 'arn:aws:sts::$1:assumed-role/$2/session');
			return [
				{
					action,
					resource,
					message: `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${verdict.why}`,
				},
			];
		});
		return denials[0];
	};
