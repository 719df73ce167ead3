import { expect, it } from 'vitest';
import * as z from 'zod';
import { scheduleHandler } from '../../functions/handlers/schedule-handler.ts';

const workThat = (run: (event: { at?: string | undefined }) => Promise<void>) => {
	const logged: unknown[] = [];
	const log = { info: () => {}, warn: () => {}, error: (...line: unknown[]) => void logged.push(line) };
	return { handler: scheduleHandler({ schema: z.object({ at: z.string().optional() }), log, run }), logged };
};

it('scheduled work is given what the schedule said', async () => {
	const ran: unknown[] = [];
	const { handler, logged } = workThat(async (event) => void ran.push(event));

	await handler({ at: '2026-11-24T10:00:00Z', version: '0' });

	expect(ran).toEqual([{ at: '2026-11-24T10:00:00Z' }]);
	expect(logged).toEqual([]);
});

it('scheduled work that fails in several ways is thrown whole, for another run, and each error is logged', async () => {
	const errors = [new Error('throttled'), new Error('timed out')];
	const whole = new AggregateError(errors, '2 parts failed');
	const { handler, logged } = workThat(() => Promise.reject(whole));

	await expect(handler({})).rejects.toBe(whole);

	expect(logged).toEqual(errors.map((error) => ['scheduled work failed', { error }]));
});

it('an event of a schedule that cannot be read is logged and thrown', async () => {
	const { handler, logged } = workThat(async () => {});

	await expect(handler({ at: 1 })).rejects.toThrow(z.ZodError);

	expect(logged).toEqual([['scheduled work failed', { error: expect.any(z.ZodError) }]]);
});
