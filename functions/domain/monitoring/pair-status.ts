import type { ReasonCode } from '../model/reasons.ts';
import type { ConnectionReport } from '../model/report.ts';
import type { Observed } from '../model/vpn-connection.ts';

/** What a report says of a connection's pairs, and why. */
export type PairStatus = { up: readonly boolean[]; code: ReasonCode | undefined; candidates: readonly ReasonCode[] };

export const pairStatusOf = ({ up, reasons: [code, ...candidates] }: ConnectionReport): PairStatus => ({ up, code, candidates });

/** The last report that differed said the same. */
export const isAsObserved = (observed: Observed | undefined, { up, code, candidates }: PairStatus): boolean =>
	observed !== undefined &&
	observed.up.join() === up.join() &&
	observed.reason === code &&
	observed.candidates.join() === candidates.join();

export const observedOf = ({ up, code, candidates }: PairStatus, observedAt: string): Observed => ({
	up: [...up],
	reason: code,
	candidates: [...candidates],
	observedAt,
});
