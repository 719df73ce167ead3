/** Whole intervals between two checks. A check comes a little early or late, which makes no interval more or less. */
export const intervalsSince = (since: string, { now, intervalSeconds }: { now: Date; intervalSeconds: number }): number =>
	Math.round((now.getTime() - Date.parse(since)) / (intervalSeconds * 1_000));
