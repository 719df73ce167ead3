import { ParameterLimitExceeded, ParameterNotFound } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ssmSecrets } from '../../functions/adapters/ssm/ssm-secrets.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { ssmClientThat } from '../support/ssm-client-that.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Parameter Store throttles so many calls, and takes the next. */
const throttling = (times: number, answer: () => object = () => ({ Version: 7 })) => {
	let calls = 0;
	const client = ssmClientThat(async () => {
		if (calls++ < times) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
		return answer();
	});
	return { secrets: ssmSecrets(client, { prefix: '/s2s/dev', keyId: () => 'a key' }), calls: () => calls };
};
const settled = async <T>(promise: Promise<T>) => {
	const outcome = promise.then(
		(value) => ({ value }),
		(error: Error) => ({ error: error.constructor.name }),
	);
	await vi.advanceTimersByTimeAsync(60_000);
	return outcome;
};

it('a key waits for its turn where others use up the calls of Parameter Store', async () => {
	const { secrets, calls } = throttling(4);
	expect(await settled(secrets.put('acme', 'cgw-1', new Secret('a long secret')))).toEqual({ value: 7 });
	expect(calls()).toBe(5);
});

it('so does the deletion of one, and one that is gone by then is deleted', async () => {
	const gone = () => {
		throw new ParameterNotFound({ message: 'gone', $metadata: {} });
	};
	expect(await settled(throttling(4, gone).secrets.delete('acme', 'cgw-1'))).toEqual({ value: undefined });
});

it('who waits for a key does not wait for ever', async () => {
	const { secrets, calls } = throttling(Number.POSITIVE_INFINITY);
	const from = Date.now();
	let took = 0;
	const put = secrets.put('acme', 'cgw-1', new Secret('a long secret')).finally(() => {
		took = Date.now() - from;
	});
	expect(await settled(put)).toEqual({ error: 'SecretsBusy' });
	expect(took).toBeGreaterThan(5_000);
	expect(took).toBeLessThan(10_000);
	expect(calls()).toBeLessThan(20);
});

it('one too many is told apart from one that has to wait', async () => {
	const full = () => {
		throw new ParameterLimitExceeded({ message: 'full', $metadata: {} });
	};
	expect(await settled(throttling(1, full).secrets.put('acme', 'cgw-1', new Secret('a long secret')))).toEqual({
		error: 'SecretsFull',
	});
});
