/** What may be done only once in so many seconds, by whichever function. */
export type Turns = {
	/** Whether this call may go ahead: only if no other call with the key did in the last `seconds`. */
	take(key: string, now: Date, seconds: number): Promise<boolean>;
	/** Has the next call with the key go ahead at once. */
	giveBack(key: string): Promise<void>;
	/** Whether there is one left of `most` under the key, which is forgotten some time after `until`. */
	spend(key: string, most: number, until: Date): Promise<boolean>;
};
