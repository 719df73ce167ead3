export type IdempotencyRecord = {
	requestHash: string;
	/** The id of what the request has made or changed, from the moment at which it took effect. */
	made?: string;
	/** The answer, once it is known. */
	status?: number;
	body?: string;
	headers?: Record<string, string>;
};

/** That a request has taken effect, written in the transaction by which it does: a second run of it fails there. */
export type Commitment = { key: string; requestHash: string; made: string; expiresAt: number };

/** Requests under an Idempotency-Key, and their answers, kept for a while. */
export type Requests = {
	/** The record that the key already has, or undefined if this call made it. */
	begin(key: string, requestHash: string, expiresAt: number): Promise<IdempotencyRecord | undefined>;
	finish(key: string, record: IdempotencyRecord, expiresAt: number): Promise<void>;
	/** A request that failed may be repeated, unless it has taken effect. */
	forget(key: string): Promise<void>;
};
