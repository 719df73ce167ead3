export type UsageRow = { connectionId: string; accountId: string; hour: string; bytesIn: number; bytesOut: number };
type Window = { from: string; to: string };
/** Page by page: hundreds of connections have a million hours in a quarter of a year, more than a function can hold at once. */
export type UsagePages = AsyncIterable<readonly UsageRow[]>;
/** Bytes by connection and hour; hours from `from` on and before `to`. */
export type Usage = {
	ofConnection(connectionId: string, window: Window): Promise<UsageRow[]>;
	ofAccount(accountId: string, window: Window): UsagePages;
	ofAll(window: Window): UsagePages;
};
