export type IdempotencyRecord = { requestHash: string; status?: number; body?: string; headers?: Record<string, string> };

/** Requests under an Idempotency-Key, and their answers, kept for a while. */
export type Requests = {
	/** The record that the key already has, or undefined if this call made it. */
	begin(key: string, requestHash: string, expiresAt: number): Promise<IdempotencyRecord | undefined>;
	finish(key: string, record: IdempotencyRecord, expiresAt: number): Promise<void>;
	/** A request that failed may be repeated. */
	forget(key: string): Promise<void>;
};
