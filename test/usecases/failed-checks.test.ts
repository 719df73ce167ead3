import { beforeEach, describe, expect, it } from 'vitest';
import { healthOf } from '../../functions/domain/monitoring/health.ts';
import type { CheckMessage } from '../../functions/ports.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, vpcId } from '../support/tenant.ts';

const fault = new Error('our own');

describe('a check that fails on our side', () => {
	let t: Tenant;
	let connectionId: string;
	beforeEach(async () => {
		t = await aTenant();
		connectionId = (await t.connect()).id;
		await t.reconcile();
		await t.check();
		t.memory.seen.metrics.length = 0;
		t.memory.seen.checks.length = 0;
	});
	const message: CheckMessage = { vpcIds: [vpcId], tickAt: later(30).toISOString() };
	const checkAt = (seconds: number, { redelivered = false, again = false } = {}) => {
		t.memory.outside.now = later(seconds);
		return checkRouters(t.memory.ports, again ? { ...message, again } : message, { redelivered });
	};
	const vpc = async () => {
		const row = await t.memory.ports.store.get('vpcs', vpcId);
		if (row === undefined) throw new Error('no VPC');
		return row;
	};
	const health = async () => {
		const connection = await t.stored(connectionId);
		return connection && healthOf(connection, await vpc());
	};
	const counted = (name: string) => t.memory.seen.metrics.filter((metric) => metric.name === name).map(({ value }) => value);

	it('throws, and leaves no connection’s health up without evidence', async () => {
		expect(await health()).toBe('up');
		t.memory.ports.routers.check = async () => {
			throw fault;
		};

		await expect(checkAt(30)).rejects.toBe(fault);

		expect(await health()).toBe('unknown');
		expect((await vpc()).silence?.code).toBe('not-asked');
		expect(counted('FailedChecks')).toEqual([1]);
	});

	it('keeps what a router had answered before', async () => {
		const { check } = t.memory.ports.routers;
		t.memory.ports.routers.check = async (...args) => {
			await check(...args);
			throw fault;
		};

		await expect(checkAt(30)).rejects.toBe(fault);

		expect(await health()).toBe('up');
	});

	it('throws every error where outcomes could not be written either', async () => {
		const { check } = t.memory.ports.routers;
		t.memory.ports.routers.check = async (...args) => {
			t.router.down.add('192.0.2.2');
			await check(...args);
			throw fault;
		};
		t.memory.ports.store.transact = () => Promise.reject(new Error('throttled'));

		await expect(checkAt(30)).rejects.toMatchObject({ errors: [fault, new Error('throttled')] });
	});

	it('throws every error where it could not even be written that a router was not asked', async () => {
		t.memory.ports.routers.check = () => Promise.reject(fault);
		t.memory.ports.store.transact = () => Promise.reject(new Error('throttled'));

		await expect(checkAt(30)).rejects.toMatchObject({ errors: [fault, new Error('throttled')] });
		await expect(checkAt(80, { again: true })).rejects.toThrow('throttled');
	});

	it('counts as a miss if its repeat comes too late', async () => {
		await checkAt(80, { redelivered: true });

		expect((await vpc()).silence?.code).toBe('not-asked');
		expect(await health()).toBe('unknown');
	});

	it('does not count as a miss if it was only kept waiting', async () => {
		await checkAt(80);

		expect((await vpc()).silentSince).toBeUndefined();
	});

	it('is repeated for a single router if that router’s outcome could not be written', async () => {
		t.router.down.add('192.0.2.2');
		const { transact } = t.memory.ports.store;
		t.memory.ports.store.transact = async () => {
			throw fault;
		};

		await checkAt(30);

		expect(t.memory.seen.checks).toEqual([{ message: { ...message, again: true }, delaySeconds: 3 }]);
		expect(counted('FailedChecks')).toEqual([1]);

		t.memory.ports.store.transact = transact;
		await checkAt(33, { again: true });
		expect(await t.stored(connectionId)).toMatchObject({ state: 'Disconnected' });
	});

	it('counts as a miss in the end if its outcome could not be written in time', async () => {
		await checkAt(80, { again: true });

		expect((await vpc()).silence?.code).toBe('not-asked');
	});

	it('alerts the account only after three intervals', async () => {
		await checkAt(80, { redelivered: true });

		expect(t.memory.seen.alertHints).toEqual([]);
	});
});

describe('a change that waits for a silent router', () => {
	it('is pushed with the router’s first answer, whatever its backoff', async () => {
		const t = await aTenant();
		const { apply, check } = t.memory.outside;
		const silent = () => ({ silence: { code: 'unreachable', detail: 'off' } }) as const;
		t.memory.outside.apply = silent;
		t.memory.outside.check = silent;
		const { id } = await t.connect();
		for (const seconds of [0, 60, 180]) {
			t.memory.outside.now = later(seconds);
			await t.reconcile();
			await t.check();
		}
		t.memory.outside.now = later(190);
		t.memory.seen.pushes.length = 0;
		await t.reconcile();
		expect(t.memory.seen.pushes).toEqual([]);

		t.memory.outside.apply = apply;
		t.memory.outside.check = check;
		t.memory.seen.reconciles.length = 0;
		await t.check();
		expect(t.memory.seen.reconciles).toEqual([vpcId]);
		await t.reconcile();

		expect(await t.stored(id)).toMatchObject({ state: 'Connected' });
	});
});
