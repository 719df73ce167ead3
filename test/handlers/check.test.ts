import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../functions/handlers/check.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';

vi.mock('../../functions/adapters/lambda-ports.ts', () => ({ lambdaPorts: () => ({ log: { error: () => {} } }) }));
vi.mock('../../functions/adapters/ssm/ssm-ports.ts', () => ({ ssmPorts: () => ({}) }));
vi.mock('../../functions/usecases/loops/check-routers.ts', () => ({ checkRouters: vi.fn(async () => {}) }));

const message = { vpcIds: ['vpc-0a1b2c3d'], tickAt: '2026-01-02T03:04:00.000Z' };
const received = (times: number, body: object = message) =>
	({
		Records: [{ messageId: 'm', body: JSON.stringify(body), attributes: { ApproximateReceiveCount: String(times) } }],
	}) as unknown as SQSEvent;

describe('the function that checks', () => {
	afterEach(() => {
		vi.clearAllMocks();
	});

	it.each([
		[1, false],
		[2, true],
	])('knows from receive count %d whether the message was delivered before', async (times, redelivered) => {
		expect(await handler(received(times))).toEqual({ batchItemFailures: [] });
		expect(checkRouters).toHaveBeenCalledExactlyOnceWith(expect.anything(), message, { redelivered });
	});

	it('recognizes the repeat of a check whose outcome could not be written', async () => {
		await handler(received(1, { ...message, again: true }));

		expect(checkRouters).toHaveBeenCalledWith(expect.anything(), { ...message, again: true }, { redelivered: false });
	});

	it('returns the message to the queue if the check fails', async () => {
		vi.mocked(checkRouters).mockRejectedValueOnce(new Error('ours'));

		expect(await handler(received(1))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
	});
});
