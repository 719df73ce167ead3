/** Whole intervals between two checks, rounded: a check may come a little early or late. */
export const intervalsSince = (since: string, { now, intervalSeconds }: { now: Date; intervalSeconds: number }): number =>
	Math.round((now.getTime() - Date.parse(since)) / (intervalSeconds * 1_000));
