export type UsageRow = { connectionId: string; accountId: string; hour: string; bytesIn: number; bytesOut: number };
/** Of a connection, in all hours of a window. */
export type UsageTotal = Omit<UsageRow, 'hour'>;
type Window = { from: string; to: string };

/** There are more rows than a request has the time to read. */
export class TooMuchUsage extends Error {}

/** Bytes by connection and hour; hours from `from` on and before `to`. What is of many connections throws TooMuchUsage. */
export type Usage = {
	ofConnection(connectionId: string, window: Window): Promise<UsageRow[]>;
	ofAccount(accountId: string, window: Window): Promise<UsageTotal[]>;
	ofAll(window: Window): Promise<UsageTotal[]>;
};
