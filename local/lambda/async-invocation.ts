import { TooManyRequests } from './concurrency.ts';
import type { LocalFunction } from './local-function.ts';

export type EventInvokeConfig = { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };

/** Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation". */
const retriesUnlessTold = 2;
const eventAgeUnlessToldSeconds = 6 * 3_600;
const pausesMs = [60_000, 120_000];
const firstThrottledMs = 1_000;
const mostThrottledMs = 5 * 60_000;

/**
 * An asynchronous invocation: a function that fails is tried again after one and after two minutes, and one that is throttled until the
 * event is too old. Errors go to `failed`: nobody waits for the answer.
 */
export const invokeAsync = (
	target: Pick<LocalFunction, 'invoke'>,
	{
		MaximumRetryAttempts: retries = retriesUnlessTold,
		MaximumEventAgeInSeconds: ageSeconds = eventAgeUnlessToldSeconds,
	}: EventInvokeConfig,
	failed: (error: unknown) => void,
) => {
	const timers = new Set<NodeJS.Timeout>();
	const after = (ms: number, work: () => void) => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			work();
		}, ms);
		timers.add(timer);
	};
	const run = async (event: unknown, began: number, { failures = 0, throttledMs = firstThrottledMs } = {}): Promise<void> => {
		const again = (pauseMs: number, next: { failures: number; throttledMs?: number }) => {
			if (Date.now() + pauseMs - began > ageSeconds * 1_000) return;
			after(pauseMs, () => void run(event, began, next));
		};
		try {
			await target.invoke(event);
		} catch (error) {
			failed(error);
			if (error instanceof TooManyRequests) {
				again(throttledMs, { failures, throttledMs: Math.min(mostThrottledMs, throttledMs * 2) });
			} else if (failures < retries) {
				again(pausesMs[failures] ?? 0, { failures: failures + 1 });
			}
		}
	};
	return {
		invoke: (event: unknown) => run(event, Date.now()),
		stop() {
			for (const timer of timers) clearTimeout(timer);
		},
	};
};
