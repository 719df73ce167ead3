import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ParameterStore, parameterStore, putsOfAccount } from '../../local/ssm/parameter-store.ts';

describe('Parameter Store', () => {
	let dir: string;
	let store: ParameterStore;
	beforeEach(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-parameters-'));
		store = await parameterStore(dir);
	});
	afterEach(() => rm(dir, { recursive: true, force: true }));
	const Name = '/s2s/dev/acme/cgw-1';
	const put = async (input: object = {}) =>
		store.call('PutParameter', { Name, Value: 'c2VjcmV0', Type: 'SecureString', KeyId: 'key', Overwrite: true, ...input });

	it.each([
		['more than 4 kB', { Value: 'x'.repeat(4_097) }],
		['nothing', { Value: '' }],
		['another parameter in it', { Value: '{{x}}' }],
		['no path', { Name: 's2s' }],
	])('refuses a value with %s', async (_what, input) => {
		await expect(put(input)).rejects.toMatchObject({ type: 'ValidationException' });
	});

	it('takes three values a second of all who write, after as many at once as AWS has been seen to take', async () => {
		store = await parameterStore(dir, { puts: { rate: 1e-6, burst: 2 } });
		for (let n = 0; n < 2; n++) await put();

		await expect(put()).rejects.toMatchObject({ type: 'ThrottlingException' });

		expect(store.read([Name])).toMatchObject([{ version: 2 }]);
		expect(putsOfAccount).toEqual({ rate: 3, burst: 20 });
	});

	it('refuses to overwrite a value unless told to', async () => {
		expect(await put({ Overwrite: false })).toMatchObject({ Version: 1 });
		await expect(put({ Overwrite: false })).rejects.toMatchObject({ type: 'ParameterAlreadyExists' });
		expect(await put()).toMatchObject({ Version: 2 });
	});

	it('keeps a hundred versions, also across a restart', async () => {
		for (let n = 1; n <= 101; n++) await put({ Value: `value ${n}` });
		store = await parameterStore(dir);

		expect(store.read([`${Name}:1`])).toEqual([]);
		expect(store.read([`${Name}:2`, Name])).toEqual([
			{ name: Name, version: 2, value: 'value 2' },
			{ name: Name, version: 101, value: 'value 101' },
		]);
	});

	it('deletes a parameter, and refuses to delete one that does not exist', async () => {
		await put();
		await store.call('DeleteParameter', { Name });

		expect(store.read([Name])).toEqual([]);
		await expect(store.call('DeleteParameter', { Name })).rejects.toMatchObject({ type: 'ParameterNotFound' });
	});
});
