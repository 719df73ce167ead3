import type { RouterAnswer } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';
import { nextRetry } from './retry.ts';

type Retired = NonNullable<Vpc['retired']>[number];

/** The VPC's row when it moves to another router. A router that was never given anything has nothing to clean. */
export const movedRouter = (current: Vpc, instanceId: string, now: Date): Vpc => {
	const others = (current.retired ?? []).filter(
		(one) => one.instanceId !== instanceId && one.instanceId !== current.routerInstanceId,
	);
	const leaves = current.generation > 0 ? [{ instanceId: current.routerInstanceId, retry: nextRetry(undefined, now, true) }] : [];
	return {
		...current,
		routerInstanceId: instanceId,
		retired: others.length + leaves.length === 0 ? undefined : [...others, ...leaves],
		// What the old router reported says nothing about the new one.
		router: undefined,
		forced: undefined,
		silentSince: undefined,
		silence: undefined,
		silenceNotified: undefined,
	};
};

/** Systems Manager forgets a terminated instance, which cannot be cleaned any more. */
const goneAfterMs = 24 * 3_600 * 1_000;

/** A former router may have stored a generation beyond ours, which would have it refuse an empty bundle for ever. */
export const refusesToEmpty = ({ generation }: Pick<Vpc, 'generation'>, answer: RouterAnswer): boolean =>
	'report' in answer && typeof answer.report.revision === 'object' && answer.report.revision.generation > generation;

/** The outcome of an empty bundle on such a router: `clean`, `gone`, or when to try again. */
export const retirementOf = ({ retry }: Retired, answer: RouterAnswer, now: Date): 'clean' | 'gone' | Retired['retry'] => {
	if ('report' in answer) {
		const { busy, connections } = answer.report;
		return !busy && connections.length === 0 ? 'clean' : nextRetry(retry, now);
	}
	const gone = answer.silence.code === 'not-managed' && now.getTime() - Date.parse(retry.since) >= goneAfterMs;
	return gone ? 'gone' : nextRetry(retry, now);
};
