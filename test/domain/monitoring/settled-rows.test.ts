import { describe, expect, it } from 'vitest';
import { logPatterns } from '../../../functions/domain/diagnosis/log-patterns.ts';
import type { CustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { type ReasonCode, reasons } from '../../../functions/domain/model/reasons.ts';
import type { RouterReport } from '../../../functions/domain/model/report.ts';
import type { Vpc } from '../../../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { settleApply } from '../../../functions/domain/monitoring/settle-apply.ts';
import type { Settlement } from '../../../functions/domain/monitoring/settlement.ts';
import {
	aConnection,
	aCustomerGateway,
	aDesiredRouter,
	aLine,
	aReport,
	aVpc,
	idOf,
	later,
	pairs,
} from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const now = later(10);
const facts = { flavor: 'libreswan' as const, version: '4.10', capabilities: [], boot: 1_767_000_000, reportedAt: at(-100) };
const retry = { at: at(5), attempts: 3, since: at(-50) };
const transient = { code: 'foreign-config', kind: 'transient', detail: '' } as const;
const refused = { code: 'crypto-denied', kind: 'refused', detail: 'legacy' } as const;
const unreachable = { silence: { code: 'unreachable' as const, detail: 'no answer' } };

type Row = Partial<VpnConnection> & { customerGateway?: Partial<CustomerGateway> };
/** What an apply came to on a router of these connections, numbered from 1, each with a line of its own unless `report` says otherwise. */
const settle = (
	rows: readonly Row[],
	{ vpc = {}, report = {}, ...over }: { vpc?: Partial<Vpc>; report?: Partial<RouterReport> } & Partial<Settlement> = {},
) => {
	const connections = rows.map(({ customerGateway, ...row }, index) => ({
		connection: aConnection({ id: idOf('vpnc', index + 1), customerGatewayId: idOf('cgw', index + 1), ...row }),
		customerGateway: aCustomerGateway({ id: idOf('cgw', index + 1), name: `office ${index + 1}`, ...customerGateway }),
	}));
	const slots = Object.fromEntries(
		connections.map(({ connection, customerGateway: { id, gateway, remoteCidrs } }) => [
			connection.id,
			{ customerGatewayId: id, peer: gateway, remoteCidrs },
		]),
	);
	return settleApply({
		desired: aDesiredRouter({ vpc: aVpc({ router: facts, appliedGeneration: 2, slots, ...vpc }), connections }),
		refused: [],
		answer: {
			report: aReport({ connections: connections.map(({ connection: { id } }) => aLine({ connectionId: id })), ...report }),
		},
		pushed: { generation: 3 },
		now,
		...over,
	});
};
type Lines = Partial<ReturnType<typeof aLine>>[];
const lines = (...some: Lines) => some.map((line, index) => aLine({ connectionId: idOf('vpnc', index + 1), ...line }));
const down = { up: pairs('00'), reasons: [] };
const first = (decision: ReturnType<typeof settle>) => decision.connections[0]?.next;

describe('a Pending connection that the router has', () => {
	it('is Connected as its own line says, whatever the others’ say', () => {
		const decision = settle([{}, {}, { state: 'Connected' }], { report: { connections: lines({}, down, down) } });

		expect(decision.connections.map(({ current, next }) => [current.id, next?.state])).toEqual([
			[idOf('vpnc', 1), 'Connected'],
			[idOf('vpnc', 2), 'Disconnected'],
		]);
	});

	it('has what was found of it, with what else it may be', () => {
		expect(
			first(settle([{}], { report: { connections: lines({ up: pairs('10'), reasons: ['subnet-mismatch', 'one-way'] }) } })),
		).toEqual({
			...aConnection(),
			state: 'Connected',
			stateReason: { code: 'subnet-mismatch', kind: 'down', detail: expect.stringContaining('one-way') },
			stateChangedAt: at(10),
			updatedAt: at(10),
			appliedRevision: 1,
			pskInUse: { version: 1, since: at(10) },
			observed: { up: pairs('10'), reason: 'subnet-mismatch', candidates: ['one-way'], observedAt: at(10) },
			notified: 'up',
			degradedSince: undefined,
		});
	});

	const waiting: [string, Row, 'waiting-for-peer' | undefined][] = [
		['it waits for its peer', { passive: true }, 'waiting-for-peer'],
		['its peer has no address', { customerGateway: { gateway: 'any', remoteId: 'x' } }, 'waiting-for-peer'],
		['it initiates itself', {}, undefined],
	];
	it.each(waiting)('and that is down without a reason waits for its peer where %s', (_what, row, reason) => {
		expect(first(settle([row], { report: { connections: lines(down) } }))?.stateReason?.code).toBe(reason);
		expect(first(settle([row]))?.stateReason).toBeUndefined();
	});

	const logged = logPatterns.flatMap(({ codes = [], beforePhase1 = [], beforeChild = [] }) => [
		...codes,
		...beforePhase1,
		...beforeChild,
	]);
	it.each([...new Set<ReasonCode>(logged)])('and that is down for what a log says, %s, is Disconnected and no Error', (code) => {
		expect(first(settle([{}], { report: { connections: lines({ up: pairs('00'), reasons: [code] }) } }))).toMatchObject({
			state: 'Disconnected',
			stateReason: { code, kind: 'down' },
		});
	});

	it('keeps since when its key is in use, and begins anew with another', () => {
		const pskInUse = { version: 1, since: at(-9) };

		expect(first(settle([{ pskInUse }]))?.pskInUse).toEqual(pskInUse);
		expect(first(settle([{ pskInUse, customerGateway: { pskVersion: 2 } }]))?.pskInUse).toEqual({ version: 2, since: at(10) });
	});

	it('has its event say that a new key is in use, beside why it is not up', () => {
		const detailOf = (pskInUse: VpnConnection['pskInUse'], line: Lines[number] = {}) =>
			settle([{ pskInUse, customerGateway: { pskVersion: 2 } }], { report: { connections: lines(line) } }).events[0]?.detail;
		const before = { version: 1, since: at(-9) };

		expect(detailOf(undefined)).toBeUndefined();
		expect(detailOf({ version: 2, since: at(-9) })).toBeUndefined();
		expect(detailOf(before)).toMatch(/^version 2 /);
		expect(detailOf(before, { up: pairs('00'), reasons: ['psk-mismatch'] })).toMatch(/^the pre-shared keys differ; version 2 /);
		expect(detailOf(undefined, { up: pairs('00'), reasons: ['psk-mismatch'] })).toBe(reasons['psk-mismatch'].meaning);
	});

	const outages: [string, Row, Lines[number], Partial<VpnConnection>][] = [
		['up, and nothing was told', { notified: 'none' }, {}, { notified: 'up', lastUp: { from: at(10) } }],
		['partly up, and nothing was told', { notified: 'none' }, { up: pairs('10') }, { notified: 'up', lastUp: undefined }],
		['up after a change', { notified: 'up', interruption: { from: at(-5) } }, {}, { outage: undefined, interruption: undefined }],
		[
			'up, and was told down',
			{ notified: 'down', outage: { from: at(-5) } },
			{},
			{ notified: 'down', outage: { from: at(-5), to: at(10) } },
		],
		[
			'up, as before',
			{ notified: 'degraded', outage: { from: at(-9), to: at(-5) } },
			{},
			{ outage: { from: at(-9), to: at(-5) } },
		],
		['down, and nothing was told', { notified: 'none' }, down, { notified: 'none', outage: { from: at(10) } }],
		[
			'down after a change',
			{ notified: 'up', interruption: { from: at(-5) } },
			down,
			{ notified: 'up', outage: { from: at(-5) } },
		],
		['down for longer', { notified: 'up', outage: { from: at(-5) } }, down, { notified: 'up', outage: { from: at(-5) } }],
	];
	it.each(outages)('and is %s: the check tells of it', (_what, row, line, expected) => {
		const decision = settle([{ degradedSince: at(-7), ...row }], { report: { connections: lines(line) } });

		expect(first(decision)).toMatchObject(expected);
		expect(first(decision)?.degradedSince).toBeUndefined();
		expect(decision.alerts).toBe(false);
	});
});

describe('an Error', () => {
	it('says what it is, since when it is down, and that the account is told', () => {
		const report = { connections: lines({ up: pairs('00'), reasons: ['secret-missing', 'foreign-config'] }) };
		const decision = settle([{ notified: 'up', degradedSince: at(-7) }], { report });

		expect(first(decision)).toMatchObject({
			state: 'Error',
			stateReason: { code: 'secret-missing', kind: 'transient', detail: expect.stringContaining('foreign-config') },
			notified: 'down',
			outage: { from: at(10) },
			degradedSince: undefined,
		});
		expect(decision.alerts).toBe(true);
		expect(decision.events).toMatchObject([
			{ who: 'reconcile', kind: 'state', from: 'Pending', to: 'Error', why: 'secret-missing' },
		]);
		expect(first(settle([{ outage: { from: at(-5) } }], { report }))?.outage).toEqual({ from: at(-5) });
	});

	it('is told once: not again to whom was told down', () => {
		const report = { connections: lines({ up: pairs('00'), reasons: ['secret-missing'] }) };

		expect(settle([{ notified: 'down' }], { report })).toMatchObject({ alerts: false, events: [{ alert: undefined }] });
	});

	it('is told of its own customer gateway, beside what has no alert', () => {
		const report = { connections: lines({}, { up: pairs('00'), reasons: ['secret-missing'] }) };
		const decision = settle([{ notified: 'up' }, { notified: 'up' }], { report });

		expect(decision.alerts).toBe(true);
		expect(decision.events.map(({ alert }) => alert?.subject)).toEqual([undefined, expect.stringContaining('office 2')]);
	});

	it('of a connection that was left out of the bundle is that of its own refusal', () => {
		const decision = settle([{}, {}], { refused: [{ connectionId: idOf('vpnc', 2), reason: refused }] });

		expect(decision.connections.map(({ next }) => next?.state)).toEqual(['Connected', 'Error']);
		expect(decision.connections[1]?.next?.stateReason).toEqual(refused);
	});

	it('that heals by itself becomes one that does not, where it is left out of the bundle', () => {
		const leftOut = { refused: [{ connectionId: idOf('vpnc', 1), reason: refused }] };

		expect(first(settle([{ state: 'Error', stateReason: transient }], leftOut))).toEqual({
			...aConnection({ state: 'Error', stateReason: refused }),
			updatedAt: at(10),
		});
		for (const row of [
			{ state: 'Error', stateReason: { ...refused, detail: 'as before' } },
			{ state: 'Error' },
			{ state: 'Connected', stateReason: transient },
		] as const)
			expect(settle([row], leftOut).connections).toEqual([]);
	});

	it('that heals by itself has another reason where there is another, and is tried again', () => {
		const report = { connections: lines({ up: pairs('00'), reasons: ['secret-missing'] }) };
		const decision = settle([{ state: 'Error', stateReason: transient }], { report });

		expect(first(decision)).toEqual({
			...aConnection({ state: 'Error' }),
			stateReason: { code: 'secret-missing', kind: 'transient', detail: reasons['secret-missing'].meaning },
			updatedAt: at(10),
		});
		expect(decision.reconcile).toBe(false);
		expect(decision.vpc?.retry).toBeDefined();
	});

	it('that does not heal, or of no reason, stays whatever the router says', () => {
		for (const stateReason of [refused, undefined]) {
			const decision = settle([{ state: 'Error', stateReason }]);
			expect(decision.connections).toEqual([]);
			expect(decision.vpc?.retry).toBeUndefined();
		}
	});

	it('of what is out of reach says why', () => {
		const late = { vpc: { retry: { ...retry, since: at(-2_000) } }, report: { connections: [] } };
		const row = { stateChangedAt: at(-2_000) };

		expect(first(settle([row], late))?.stateReason).toMatchObject({
			code: 'router-unreachable',
			detail: expect.stringMatching(/the router answers/),
		});
		expect(first(settle([row], { ...late, answer: unreachable }))?.stateReason).toMatchObject({
			code: 'router-unreachable',
			detail: `${reasons['router-unreachable'].meaning}: no answer`,
		});
		expect(
			settle(
				[
					{ ...row, state: 'Connected' },
					{ ...row, state: 'Error', stateReason: transient },
				],
				late,
			).connections,
		).toEqual([]);
	});
});

describe('a connection that is Deleting', () => {
	it('goes with what is its own, and the others stay', () => {
		const decision = settle([{ state: 'Connected' }, { state: 'Deleting' }, {}], {
			report: { connections: [aLine({ connectionId: idOf('vpnc', 1) }), aLine({ connectionId: idOf('vpnc', 3) })] },
		});

		expect(decision.freed).toEqual([idOf('cgw', 2)]);
		expect(Object.keys(decision.vpc?.slots ?? {})).toEqual([idOf('vpnc', 1), idOf('vpnc', 3)]);
		expect(decision.connections.map(({ next }) => next?.state)).toEqual([undefined, 'Connected']);
		expect(decision.vpc?.retry).toBeUndefined();
	});

	it('that is the only change takes its slot from a VPC whose router has it all', () => {
		const decision = settle([{ state: 'Deleting' }], { vpc: { appliedGeneration: 3 }, report: { connections: [] } });

		expect(decision.vpc).toMatchObject({ slots: {}, generation: 3, appliedGeneration: 3 });
	});

	const gone = (rows: readonly Row[], connections: RouterReport['connections'] = []) =>
		settle(rows, { report: { connections, revision: 'none' } }).freed;
	it('goes from a router that forgot everything, where nothing else was to be there', () => {
		expect(gone([{ state: 'Deleting' }, { state: 'Error', stateReason: refused }])).toEqual([idOf('cgw', 1)]);
		expect(gone([{ state: 'Deleting' }, {}])).toEqual([]);
		expect(gone([{ state: 'Deleting' }, { state: 'Connected', stateReason: refused }])).toEqual([]);
		expect(gone([{ state: 'Deleting' }, { state: 'Error', stateReason: transient }])).toEqual([]);
		expect(gone([{ state: 'Deleting' }, { state: 'Error' }])).toEqual([]);
		expect(gone([{ state: 'Deleting' }], lines({ connectionId: idOf('vpnc', 9) }))).toEqual([]);
	});

	it('stays where the router drifts or has yet to say what it runs in our words', () => {
		expect(settle([{ state: 'Deleting' }], { report: { connections: [], revision: 'drift' } }).freed).toEqual([]);
		expect(settle([{ state: 'Deleting' }], { vpc: { router: undefined }, report: { connections: [] } }).freed).toHaveLength(1);
		const openswan = { connections: [], flavor: 'openswan' as const };
		expect(settle([{ state: 'Deleting' }], { vpc: { router: undefined }, report: openswan }).freed).toEqual([]);
	});
});

describe('a transaction', () => {
	const many = (count: number, state: 'Deleting' | 'Pending') => Array.from({ length: count }, () => ({ state }));

	it.each([
		['thirty-three that go', many(33, 'Deleting'), 33],
		['thirty-four that go, one too many', many(34, 'Deleting'), 33],
		['forty-nine that stay', many(49, 'Pending'), 49],
		['fifty that stay, one too many', many(50, 'Pending'), 49],
		['some of either', [...many(20, 'Deleting'), ...many(20, 'Pending')], 39],
	])('holds %s', (_what, rows, count) => {
		const report = { connections: lines(...rows.map(() => ({}))).filter((_line, n) => rows[n]?.state === 'Pending') };
		const decision = settle(rows, { report });

		expect(decision.connections).toHaveLength(count);
		expect(decision.rest).toEqual(rows.slice(count).map((_row, n) => idOf('vpnc', count + n + 1)));
	});

	it('that leaves a rest is gone on with at once, and what is left stays in its place', () => {
		const decision = settle(many(34, 'Deleting'), { vpc: { appliedGeneration: 3, retry }, report: { connections: [] } });

		expect(Object.keys(decision.vpc?.slots ?? {})).toEqual([idOf('vpnc', 34)]);
		expect(decision.vpc?.retry).toEqual({ at: at(10), attempts: 1, since: at(10), moves: 1 });
	});

	it('goes on with those alone that were left, as far as they are as they were pushed', () => {
		const revisions = { [idOf('vpnc', 2)]: 1, [idOf('vpnc', 3)]: 7 };
		const decision = settle([{}, {}, {}], { pushed: { generation: 3, revisions } });

		expect(decision.connections.map(({ current }) => current.id)).toEqual([idOf('vpnc', 2)]);
	});
});

describe('the VPC after an apply', () => {
	it('is tried again, ever later, while its router is behind, drifts, or has something to heal', () => {
		const again = { at: at(250), attempts: 4, since: at(-50) };
		const steady: Row = { state: 'Connected' };
		const retryOf = (...given: Parameters<typeof settle>) => settle(...given).vpc?.retry;

		expect(retryOf([steady], { vpc: { retry }, answer: unreachable })).toEqual(again);
		expect(retryOf([steady], { vpc: { retry, appliedGeneration: 3 }, report: { revision: 'drift' } })).toEqual(again);
		expect(
			retryOf([steady, { state: 'Error', stateReason: transient }], { vpc: { retry }, report: { connections: lines({}) } }),
		).toEqual(again);
		expect(retryOf([steady, { state: 'Deleting' }], { vpc: { retry } })).toEqual(again);
		expect(retryOf([steady, {}], { vpc: { retry, appliedGeneration: 3 }, report: { connections: lines({}) } })).toEqual(again);
		expect(settle([steady, { state: 'Error', stateReason: refused }], { vpc: { retry } }).vpc).toMatchObject({
			retry: undefined,
		});
	});

	it('is tried at once where the next pass is known to succeed', () => {
		const soon = { at: at(10), attempts: 1, since: at(10), moves: 1 };
		const vpc = { retry, generation: 4 };

		expect(settle([{ state: 'Connected' }], { vpc }).vpc).toMatchObject({ retry: soon, appliedGeneration: 3 });
		expect(settle([{ state: 'Connected' }, { state: 'Error', stateReason: transient }], { vpc: { retry } }).vpc?.retry).toEqual(
			soon,
		);
		expect(settle([{ state: 'Connected' }], { vpc, answer: unreachable }).vpc?.retry).toMatchObject({ attempts: 4 });
		const ahead = { revision: { generation: 9, hash: '0123456789abcdef' } };
		expect(settle([{ state: 'Connected' }], { vpc: { retry }, report: ahead }).vpc).toMatchObject({
			retry: soon,
			generation: 10,
		});
	});

	it('is tried at once ten times, and then no sooner than where a pass has failed', () => {
		const ahead = { revision: { generation: 9, hash: '0123456789abcdef' } };
		const next = (before: Vpc['retry']) => settle([{ state: 'Connected' }], { vpc: { retry: before }, report: ahead }).vpc?.retry;

		expect(next({ ...retry, moves: 9 })).toEqual({ at: at(10), attempts: 1, since: at(10), moves: 10 });
		expect(next({ ...retry, moves: 10 })).toEqual({ at: at(250), attempts: 4, since: retry.since, moves: 10 });
		const failed = settle([{ state: 'Connected' }], {
			vpc: { retry: { ...retry, moves: 4 }, generation: 4 },
			answer: unreachable,
		});
		expect(failed.vpc?.retry).toEqual({ at: at(250), attempts: 4, since: retry.since, moves: 4 });
	});

	it('is as it was where nothing of it differs, to the very row', () => {
		const whole = { vpc: { appliedGeneration: 3 } };

		expect(settle([{ state: 'Connected' }], whole).vpc).toBeUndefined();
		expect(settle([{}], whole).vpc).toBeUndefined();
		expect(settle([{ state: 'Connected' }], { vpc: { appliedGeneration: 3 }, report: { boot: 5 } }).vpc).toMatchObject({
			router: { boot: 5 },
			updatedAt: at(10),
		});
	});

	it('learns nothing of a router that is at work', () => {
		expect(
			settle([{ state: 'Connected' }], { vpc: { appliedGeneration: 3 }, report: { busy: true, boot: 5 } }).vpc,
		).toBeUndefined();
	});

	it('is reconciled again where the router proves to be of another kind or version, or one has healed', () => {
		const steady: Row = { state: 'Connected' };

		expect(settle([steady], { report: { version: '5.4' } }).reconcile).toBe(true);
		expect(settle([steady], { vpc: { router: undefined } }).reconcile).toBe(true);
		expect(settle([steady]).reconcile).toBe(false);
		expect(settle([steady, { state: 'Error', stateReason: transient }]).reconcile).toBe(true);
		expect(settle([steady], { vpc: { generation: 4 } }).reconcile).toBe(true);
	});
});

describe('the event of an apply', () => {
	const own = idOf('vpnc', 1);
	const steps = (...some: string[]) => ({ report: { steps: some, connections: lines({}) } });

	it('has the steps of its own connection and of the whole, the last sixty, each cut at 500 characters', () => {
		const many = Array.from({ length: 70 }, (_, n) => `${own} step ${n}`);
		const [event] = settle([{}], steps(...many)).events;
		expect(event?.steps).toHaveLength(60);
		expect(event?.steps?.at(-1)).toBe('step 69');

		const long = settle([{}], steps(`- ${'x'.repeat(600)}`, `${idOf('vpnc', 2)} other`, `${own}0 other`)).events[0]?.steps;
		expect(long).toEqual(['x'.repeat(498)]);
		expect(settle([{}], steps(`${idOf('vpnc', 2)} other`)).events[0]?.steps).toBeUndefined();
	});

	const tried: [string, Row, boolean][] = [
		['is Pending', { state: 'Error', stateReason: transient }, true],
		['is Deleting', { state: 'Deleting' }, true],
		['is Connected', { state: 'Connected' }, false],
		['is Disconnected', { state: 'Disconnected' }, false],
	];
	it.each(tried)('of one that stays as it is and %s says what was tried: %s', (_what, row, says) => {
		const report = { connections: lines({ up: pairs('00'), reasons: ['foreign-config'] }) };
		const decision = settle([row], { report: { ...report, steps: ['- all', `${own} tried`] } });

		expect(decision.events.map(({ kind, who, steps: said }) => [kind, who, said])).toEqual(
			says ? [['apply', 'reconcile', ['all', 'tried']]] : [],
		);
		expect(settle([row], { report: { ...report, steps: ['- all', `${idOf('vpnc', 2)} tried`] } }).events).toEqual([]);
	});
});
