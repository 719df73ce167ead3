/** The account runs no more functions at once: Lambda's TooManyRequestsException, 429. */
export class TooManyRequests extends Error {}

export type Concurrency = {
	/** Begins one, and returns what ends it. Throws TooManyRequests. */
	begin(): () => void;
};

/** How many functions an account runs at once: 10 where it is new, until AWS raises it. */
export const accountConcurrency = (most: number): Concurrency => {
	let running = 0;
	return {
		begin() {
			if (running >= most) throw new TooManyRequests(`${most} functions run already: Rate Exceeded`);
			running++;
			let ended = false;
			return () => {
				if (!ended) running--;
				ended = true;
			};
		},
	};
};
