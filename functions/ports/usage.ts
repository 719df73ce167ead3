export type UsageRow = { connectionId: string; accountId: string; hour: string; bytesIn: number; bytesOut: number };
type Window = { from: string; to: string };
/** Bytes by connection and hour; hours from `from` on and before `to`. */
export type Usage = {
	ofConnection(connectionId: string, window: Window): Promise<UsageRow[]>;
	ofAccount(accountId: string, window: Window): Promise<UsageRow[]>;
	ofAll(window: Window): Promise<UsageRow[]>;
};
