import { describe, expect, it } from 'vitest';
import { keyTrials } from '../../../functions/domain/monitoring/key-trials.ts';
import { proven, rolledBack, rotated, trialOf } from '../../../functions/domain/monitoring/psk-rotation.ts';
import { aConnection, aCustomerGateway, idOf, later } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const now = later(50);
const rotation = { previousVersion: 1, deadline: at(300) };

describe('a customer gateway with a new key', () => {
	const current = aCustomerGateway({ pskVersion: 4, pskRollback: { version: 3, at: at(0) } });
	const withKey = { ...current, pskVersion: 5, pskUpdatedAt: at(50), pskRollback: undefined };

	it('has it on trial for five minutes where a tunnel was up with the one before', () => {
		expect(rotated(current, 5, now, { state: 'Connected' })).toEqual({
			...withKey,
			pskRotation: { previousVersion: 4, deadline: at(350) },
		});
	});

	it.each([
		['is in no connection', undefined],
		['was not up', { state: 'Disconnected' as const }],
		['was yet to come up', { state: 'Pending' as const }],
	])('has no trial where it %s', (_what, connection) => {
		expect(rotated(current, 5, now, connection)).toEqual({ ...withKey, pskRotation: undefined });
	});

	it('goes back to the last that worked, where one on trial is followed by another', () => {
		expect(rotated({ ...current, pskRotation: rotation }, 5, now, { state: 'Pending' }).pskRotation).toEqual({
			previousVersion: 1,
			deadline: at(350),
		});
	});

	it('keeps the new one when it is proven', () => {
		const trial = { ...current, pskRotation: rotation };

		expect(proven(trial, now)).toEqual({ ...trial, pskRotation: undefined, updatedAt: at(50) });
	});

	it('has the one before again when it is not, and says which was given up', () => {
		const trial = { ...current, pskRotation: rotation };

		expect(rolledBack(trial, now)).toEqual({
			...trial,
			pskVersion: 1,
			pskRotation: undefined,
			pskRollback: { version: 4, at: at(50) },
			updatedAt: at(50),
		});
	});
});

describe('the trial of a key', () => {
	const inUse = (version: number, since = 0) => ({ version, since: at(since) });
	const trial = { pskVersion: 2, pskRotation: rotation };

	it.each([
		['is none where there is none', { pskVersion: 2, pskRotation: undefined }, 'Connected', inUse(2), 10, 'none'],
		['waits for the router to take the key', trial, 'Connected', inUse(1), 10, 'waits'],
		['waits for the router to take the first one', trial, 'Connected', undefined, 10, 'waits'],
		['is proven by a tunnel', trial, 'Connected', inUse(2), 10, 'proven'],
		['is proven by a tunnel, however late', trial, 'Connected', inUse(2), 900, 'proven'],
		['waits for a tunnel until its deadline', trial, 'Disconnected', inUse(2), 299, 'waits'],
		['has failed then', trial, 'Disconnected', inUse(2), 300, 'failed'],
		['waits for five minutes from when the router took it', trial, 'Disconnected', inUse(2, 100), 399, 'waits'],
		['has failed only then', trial, 'Disconnected', inUse(2, 100), 400, 'failed'],
		['waits where nothing was looked at yet', trial, 'Pending', inUse(2), 900, 'waits'],
	] as const)('%s', (_what, customerGateway, state, pskInUse, second, verdict) => {
		expect(trialOf(customerGateway, { state, pskInUse }, later(second))).toBe(verdict);
	});
});

describe('a check that ends a trial', () => {
	const customerGateway = aCustomerGateway({ pskVersion: 2, pskRotation: rotation });
	const connection = aConnection({
		state: 'Disconnected',
		keyOnTrial: true,
		pskInUse: { version: 2, since: at(0) },
		desiredRevision: 4,
		degradedSince: at(1),
	});
	const end = (over: Partial<typeof connection>, second: number) =>
		keyTrials([{ ...connection, ...over }], { customerGateways: [customerGateway], now: later(second) });

	it('keeps the key that brought a tunnel, and says so', () => {
		const { customerGateways, connections, failed, events } = end({ state: 'Connected' }, 60);

		expect(customerGateways).toEqual([{ current: customerGateway, next: proven(customerGateway, later(60)) }]);
		expect(connections.get(connection.id)).toEqual({
			...connection,
			state: 'Connected',
			keyOnTrial: undefined,
			updatedAt: at(60),
		});
		expect(failed).toBe(false);
		expect(events).toEqual([
			{
				subject: { kind: 'connection', id: connection.id },
				accountId: 'acme',
				vpcId: idOf('vpc', 1),
				at: at(60),
				who: 'check',
				kind: 'psk',
				why: 'psk-verified',
				detail: expect.stringContaining('version 2'),
			},
		]);
	});

	it('goes back to the key before, Pending with a revision of its own, where no tunnel came', () => {
		const { customerGateways, connections, failed, events } = end({}, 300);

		expect(customerGateways).toEqual([{ current: customerGateway, next: rolledBack(customerGateway, later(300)) }]);
		expect(connections.get(connection.id)).toMatchObject({
			state: 'Pending',
			desiredRevision: 5,
			keyOnTrial: undefined,
			degradedSince: undefined,
			stateChangedAt: at(300),
		});
		expect(failed).toBe(true);
		expect(events).toMatchObject([
			{ who: 'check', kind: 'state', from: 'Disconnected', to: 'Pending', why: 'psk-rolled-back', at: at(300) },
		]);
		for (const word of ['version 2', '300 s', 'version 1']) expect(events[0]?.detail).toContain(word);
	});

	it('ends none that waits, nor one whose customer gateway it does not know', () => {
		const none = { customerGateways: [], connections: new Map(), failed: false, events: [] };

		expect(end({}, 299)).toEqual(none);
		expect(keyTrials([connection], { customerGateways: [], now: later(300) })).toEqual(none);
		expect(keyTrials([connection], { customerGateways: [aCustomerGateway({ id: idOf('cgw', 2) })], now: later(300) })).toEqual(
			none,
		);
	});
});
