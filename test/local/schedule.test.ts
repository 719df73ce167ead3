import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalFunction } from '../../local/lambda/local-function.ts';
import { minuteSchedule } from '../../local/schedule.ts';

const input = '{"scheduledAt":"<aws.scheduler.scheduled-time>"}';

describe('the local Scheduler', () => {
	beforeEach(() => vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }));
	afterEach(() => vi.useRealTimers());

	const started = () => {
		const events: unknown[] = [];
		const target: LocalFunction = {
			name: 'tick',
			invoke: async (event: unknown) => void events.push(event),
			stop: async () => {},
		};
		return { events, schedule: minuteSchedule({ target, input, config: { MaximumRetryAttempts: 0 } }) };
	};

	it('invokes its target at once and every minute, with the time in the input as AWS writes it', async () => {
		const { events, schedule } = started();
		schedule.start();
		await vi.advanceTimersByTimeAsync(60_000);
		schedule.stop();
		await vi.advanceTimersByTimeAsync(120_000);

		expect(events).toEqual([{ scheduledAt: '2026-01-02T03:04:05Z' }, { scheduledAt: '2026-01-02T03:05:05Z' }]);
	});

	it('invokes its target by hand as often as asked, without naming a minute', async () => {
		const { events, schedule } = started();
		await schedule.tick();
		await schedule.tick();

		expect(events).toEqual([{}, {}]);
	});
});
