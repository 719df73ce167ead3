import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

type Retry = NonNullable<Vpc['retry']>;

const firstSeconds = 30;
const mostSeconds = 600;

/** 30 s, doubling to 10 min. `soon` is for what the next pass can go on with. */
export const nextRetry = (retry: Retry | undefined, now: Date, soon = false): Retry => {
	const attempts = (retry?.attempts ?? 0) + 1;
	const seconds = soon ? 0 : Math.min(mostSeconds, firstSeconds * 2 ** Math.min(attempts - 1, 10));
	return { at: new Date(now.getTime() + seconds * 1_000).toISOString(), attempts, since: retry?.since ?? now.toISOString() };
};

const patienceMs = 15 * 60 * 1_000;

/** Pending, with its router unreachable for 15 minutes. */
export const unreachableTooLong = (connection: VpnConnection, retry: Retry | undefined, now: Date): boolean => {
	if (retry === undefined) return false;
	const since = Math.max(Date.parse(connection.stateChangedAt), Date.parse(retry.since));
	return now.getTime() - since >= patienceMs;
};
