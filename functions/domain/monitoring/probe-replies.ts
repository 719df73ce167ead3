import { isUnanswered } from '../model/connection-probe.ts';
import type { ReasonCode } from '../model/reasons.ts';
import type { ConnectionReport } from '../model/report.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { intervalsSince } from './intervals-since.ts';
import { type PairStatus, pairStatusOf } from './pair-status.ts';

type Unanswered = VpnConnection['unanswered'];

/** What says less of a tunnel that is up than that its probe is not answered. */
const lesser: readonly ReasonCode[] = ['one-way', 'suite-differs'];

/** What a report means for the probe; `news` where it also depends on the time whether it is the second check. */
const repliesAfter = ({ probe, unanswered }: VpnConnection, line: ConnectionReport): Unanswered | 'news' => {
	if (probe === undefined || line.up.includes(false)) return undefined;
	// No news of it, as from a router that lacks `ping`, is neither an answer nor the lack of one.
	if (line.probe === undefined || unanswered?.confirmed === true)
		return line.probe && !isUnanswered(line.probe) ? undefined : unanswered;
	return isUnanswered(line.probe) ? 'news' : undefined;
};

const statusWith = (unanswered: Unanswered, line: ConnectionReport): PairStatus => {
	const status = pairStatusOf(line);
	const { code, candidates } = status;
	if (unanswered?.confirmed !== true || (code !== undefined && !lesser.includes(code))) return status;
	return { ...status, code: 'no-reply-through-tunnel', candidates: code === undefined ? candidates : [code, ...candidates] };
};

/** The status of the pairs, and whether their probe is answered: a second check in a row without any answer is a reason. */
export const statusAfter = (
	current: VpnConnection,
	line: ConnectionReport,
	time: { now: Date; intervalSeconds: number },
): { status: PairStatus; unanswered: Unanswered } => {
	const after = repliesAfter(current, line);
	const since = current.unanswered?.since ?? time.now.toISOString();
	const confirmed = intervalsSince(since, time) >= 1;
	const same = current.unanswered?.confirmed === confirmed ? current.unanswered : { since, confirmed };
	const unanswered = after === 'news' ? same : after;
	return { status: statusWith(unanswered, line), unanswered };
};

/** The same where no time can change it and nothing of the probe is new; else undefined. */
export const statusWithoutNews = (current: VpnConnection, line: ConnectionReport): PairStatus | undefined => {
	const after = repliesAfter(current, line);
	return after === current.unanswered ? statusWith(after, line) : undefined;
};
