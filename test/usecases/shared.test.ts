import { beforeEach, describe, expect, it } from 'vitest';
import { type Ports, StaleRead, type TableName } from '../../functions/ports.ts';
import { accountOf, isVisible } from '../../functions/usecases/shared/caller.ts';
import { hintReconcile, hintReconciles } from '../../functions/usecases/shared/hint.ts';
import { hintAlert } from '../../functions/usecases/shared/hint-alert.ts';
import { throwIfStale } from '../../functions/usecases/shared/if-match.ts';
import { loadVisible } from '../../functions/usecases/shared/load-visible.ts';
import { ProblemError, throwIfRefused } from '../../functions/usecases/shared/problem-error.ts';
import { retryOnStaleRead } from '../../functions/usecases/shared/retry-on-stale-read.ts';
import { revisionOf } from '../../functions/usecases/shared/revision-of.ts';
import { usageWindow } from '../../functions/usecases/shared/usage-window.ts';
import { later } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';

const jo = { who: 'jo', accountId: 'acme', admin: false };
const root = { who: 'root', admin: true };
const nobody = { who: 'eve', admin: false };

describe('the account that a call is for', () => {
	it.each([
		['the caller’s own', jo, undefined, 'acme'],
		['the caller’s own, named', jo, 'acme', 'acme'],
		['any that an admin names', root, 'other', 'other'],
		['any that an admin with an account names', { ...root, accountId: 'acme' }, 'other', 'other'],
	])('is %s', (_what, caller, named, account) => {
		expect(accountOf(caller, named)).toBe(account);
	});

	it.each([
		['another’s than the caller’s', jo, 'other', 'forbidden', []],
		['one, where the caller has none', nobody, 'acme', 'forbidden', []],
		['none at all', root, undefined, 'invalid-request', ['/accountId']],
		['none, where the caller has none', nobody, undefined, 'invalid-request', ['/accountId']],
	])('is not %s', (_what, caller, named, kind, pointers) => {
		const wrong = (() => {
			try {
				return accountOf(caller, named);
			} catch (error) {
				return error as ProblemError;
			}
		})();

		expect(wrong).toMatchObject({
			kind,
			message: expect.stringMatching(named ?? 'accountId'),
			errors: pointers.map((pointer) => ({ pointer })),
		});
	});

	it('tells what it may see', () => {
		expect([jo, root, nobody].map((caller) => isVisible(caller, { accountId: 'acme' }))).toEqual([true, true, false]);
	});
});

describe('a change of what was read before', () => {
	const stale = (ifMatch: string | undefined) => () => throwIfStale({ version: 3 }, ifMatch);

	it.each([undefined, '*', '"3"'])('is made with If-Match %s', (ifMatch) => {
		expect(stale(ifMatch)).not.toThrow();
	});

	it.each(['"2"', '3', '""', 'W/"3"'])('is refused with If-Match %s, and told the version', (ifMatch) => {
		expect(stale(ifMatch)).toThrow(expect.objectContaining({ kind: 'stale-version', message: expect.stringContaining('"3"') }));
	});
});

describe('a row', () => {
	const names: [TableName, string][] = [
		['accounts', 'account'],
		['vpcs', 'VPC'],
		['vpnGateways', 'VPN gateway'],
		['customerGateways', 'customer gateway'],
		['connections', 'VPN connection'],
	];
	it.each(names)('of %s that is not there is said to be no %s', async (table, name) => {
		const { store } = memoryPorts().ports;

		await expect(loadVisible(store, root, { table, id: 'x' })).rejects.toMatchObject({
			kind: 'not-found',
			message: `there is no ${name} x`,
			errors: [],
		});
		await expect(loadVisible(store, root, { table, id: 'x', pointer: '/p' })).rejects.toMatchObject({
			errors: [{ pointer: '/p', detail: `there is no ${name} x` }],
		});
	});
});

describe('a rule that says no', () => {
	it('is thrown as a problem, with its place where it has one', () => {
		const refusal = { problem: 'in-use' as const, detail: 'it is in use' };

		expect(() => throwIfRefused(refusal)).toThrow(
			expect.objectContaining({ kind: 'in-use', message: 'it is in use', errors: [] }),
		);
		expect(() => throwIfRefused({ ...refusal, pointer: '/x' })).toThrow(
			expect.objectContaining({ errors: [{ pointer: '/x', detail: 'it is in use' }] }),
		);
	});

	it('is none where it says nothing, or what it allows', () => {
		const verdict = { warnings: ['w'] };

		expect(throwIfRefused(undefined)).toBeUndefined();
		expect(throwIfRefused(verdict)).toBe(verdict);
	});
});

describe('a decision on what was read', () => {
	it('is made anew while what it read has changed, sixty times at most', async () => {
		let tries = 0;
		const losing = (losses: number) => async () => {
			tries++;
			if (tries <= losses) throw new StaleRead('lost');
			return 'won';
		};

		expect(await retryOnStaleRead(losing(59))).toBe('won');
		expect(tries).toBe(60);
		tries = 0;
		await expect(retryOnStaleRead(losing(60))).rejects.toThrow(StaleRead);
		expect(tries).toBe(60);
	});

	it('is not made anew for any other reason', async () => {
		let tries = 0;
		const failing = async () => {
			tries++;
			throw new ProblemError('in-use', 'no');
		};

		await expect(retryOnStaleRead(failing)).rejects.toThrow('no');
		expect(tries).toBe(1);
	});
});

describe('a hint', () => {
	let ports: Ports;
	let hinted: unknown[];
	let warned: unknown[];
	beforeEach(() => {
		hinted = [];
		warned = [];
		({ ports } = memoryPorts());
		ports.queues.reconcile = async (messages) => void hinted.push(...messages);
		ports.queues.alert = async (messages) => void hinted.push(...messages);
		ports.log.warn = (...given) => void warned.push(given);
	});
	const refuse = (error: unknown) => {
		ports.queues.reconcile = async () => Promise.reject(error);
		ports.queues.alert = async () => Promise.reject(error);
	};

	it('says whom to look at, and whether only if it is behind', async () => {
		await hintReconcile(ports, 'vpc-1');
		await hintReconciles(ports, ['vpc-2', 'vpc-3'], { ifBehind: true });
		await hintAlert(ports, 'acme');

		expect(hinted).toEqual([
			{ message: { vpcId: 'vpc-1' } },
			{ message: { vpcId: 'vpc-2', ifBehind: true } },
			{ message: { vpcId: 'vpc-3', ifBehind: true } },
			{ message: { accountId: 'acme' } },
		]);
		expect(warned).toEqual([]);
	});

	it('that the queue refuses is no failure: it is logged, and the tick finds what it was for', async () => {
		refuse(new TypeError('throttled'));
		await hintReconcile(ports, 'vpc-1');
		await hintAlert(ports, 'acme');
		refuse('no error');
		await hintReconcile(ports, 'vpc-1');
		await hintAlert(ports, 'acme');

		expect(warned).toEqual([
			[expect.stringContaining('reconcile'), { vpcIds: ['vpc-1'], hints: 1, error: 'TypeError: throttled' }],
			[expect.stringContaining('alert'), { accountIds: ['acme'], hints: 1, error: 'TypeError: throttled' }],
			[expect.stringContaining('reconcile'), { vpcIds: ['vpc-1'], hints: 1, error: 'no error' }],
			[expect.stringContaining('alert'), { accountIds: ['acme'], hints: 1, error: 'no error' }],
		]);
	});
});

describe('a revision', () => {
	it('is its generation and the beginning of what it is of', () => {
		expect(revisionOf(7, 'abc')).toBe('7-ba7816bf8f01cfea');
	});
});

describe('the hours of a usage', () => {
	const now = later(0);
	const days = (count: number) => new Date(now.getTime() + count * 86_400_000).toISOString();

	it('are the last 31 days, up to now', () => {
		expect(usageWindow({}, now)).toEqual({ from: days(-31), to: days(0) });
		expect(usageWindow({ to: days(-10) }, now)).toEqual({ from: days(-41), to: days(-10) });
		expect(usageWindow({ from: days(-2) }, now)).toEqual({ from: days(-2), to: days(0) });
	});

	it('are at most 92 days', () => {
		expect(usageWindow({ from: days(-92), to: days(0) }, now)).toEqual({ from: days(-92), to: days(0) });
		expect(() => usageWindow({ from: new Date(now.getTime() - 92 * 86_400_000 - 1).toISOString() }, now)).toThrow(
			expect.objectContaining({
				kind: 'invalid-request',
				message: expect.stringMatching(/^from .*92 days/),
				errors: [{ pointer: '/from', detail: expect.stringContaining('92 days') }],
			}),
		);
	});

	it.each([0, 1])('begin before they end (%i days after)', (after) => {
		expect(() => usageWindow({ from: days(after), to: days(0) }, now)).toThrow(
			expect.objectContaining({ errors: [{ pointer: '/from', detail: expect.stringContaining('before to') }] }),
		);
	});
});
