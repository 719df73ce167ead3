/** Requests a second, and how many may come at once. */
export type Throttling = { rate: number; burst: number };

/**
 * The token bucket of API Gateway, one for the whole stage: its guide calls the limits targets, here they are exact. Returns undefined
 * for a request that passes, else after how many whole seconds one would.
 */
export const throttle = ({ rate, burst }: Throttling, clock = () => performance.now()): (() => number | undefined) => {
	let tokens = burst;
	let since = clock();
	return () => {
		const now = clock();
		tokens = Math.min(burst, tokens + ((now - since) * rate) / 1_000);
		since = now;
		if (tokens < 1) return Math.ceil((1 - tokens) / rate);
		tokens -= 1;
		return undefined;
	};
};
