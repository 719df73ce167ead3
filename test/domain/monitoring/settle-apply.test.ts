import { describe, expect, it } from 'vitest';
import { reasons } from '../../../functions/domain/model/reasons.ts';
import type { RouterReport } from '../../../functions/domain/model/report.ts';
import type { Vpc } from '../../../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { nextRetry } from '../../../functions/domain/monitoring/retry.ts';
import { settleApply } from '../../../functions/domain/monitoring/settle-apply.ts';
import type { Settlement } from '../../../functions/domain/monitoring/settlement.ts';
import {
	aConnection,
	aCustomerGateway,
	aDesiredRouter,
	aLine,
	aReport,
	aRouter,
	aVpc,
	idOf,
	later,
	pairs,
} from '../../support/builders.ts';

const behind = (overrides: Partial<Vpc> = {}) => aVpc({ router: aRouter(), appliedGeneration: 2, ...overrides });

const pushed = (
	connection: Partial<VpnConnection>,
	report: Partial<RouterReport>,
	overrides: Partial<Settlement> = {},
): Settlement => ({
	desired: aDesiredRouter({
		vpc: behind(),
		connections: [{ connection: aConnection(connection), customerGateway: aCustomerGateway() }],
	}),
	refused: [],
	answer: { report: aReport(report) },
	pushed: { generation: 3 },
	now: later(10),
	...overrides,
});
const silence = { silence: { code: 'unreachable' as const, detail: 'no answer' } };
const next = (settlement: Settlement) => settleApply(settlement).connections[0]?.next;

describe('an apply', () => {
	it('makes a connection Connected without an alert if its tunnel is up', () => {
		const decision = settleApply(
			pushed({}, { steps: [`${idOf('vpnc', 1)} loaded 2 conns`, '- done', `${idOf('vpnc', 2)} other`] }),
		);

		expect(decision.connections[0]?.next).toMatchObject({
			state: 'Connected',
			notified: 'up',
			appliedRevision: 1,
			observed: { up: pairs('11') },
		});

		expect(decision.vpc).toMatchObject({ appliedGeneration: 3, retry: undefined });

		expect(decision.events).toMatchObject([
			{ kind: 'state', who: 'reconcile', from: 'Pending', to: 'Connected', steps: ['loaded 2 conns', 'done'], alert: undefined },
		]);

		expect(decision.reconcile).toBe(false);
	});

	it('makes a connection Disconnected if the router took the configuration but the tunnel is not up', () => {
		expect(next(pushed({}, { connections: [aLine({ up: pairs('00'), reasons: ['peer-unreachable'] })] }))).toMatchObject({
			state: 'Disconnected',
			notified: 'none',
			stateReason: { code: 'peer-unreachable' },
		});

		expect(next(pushed({ passive: true }, { connections: [aLine({ up: pairs('00') })] }))).toMatchObject({
			stateReason: { code: 'waiting-for-peer' },
		});
	});

	it('names the file and the line that the router blames, and the next one once that is corrected', () => {
		const lines = [aLine({ up: pairs('00'), reasons: ['foreign-config'] })];
		const blames = (place: string) => ({
			connections: lines,
			steps: [`- foreign-config: the daemon would not start again: ${place}`, '- the daemon does not start'],
		});
		const { meaning } = reasons['foreign-config'];
		const first = '/etc/ipsec.d/owner.conf:12: syntax error [nosuch]';

		const error = next(pushed({}, blames(first)));
		expect(error).toMatchObject({
			state: 'Error',
			stateReason: { code: 'foreign-config', kind: 'transient', detail: `${meaning}: ${first}` },
		});

		expect(settleApply(pushed({ ...error }, blames(first))).connections).toEqual([]);
		// A report without steps knows no place.
		expect(settleApply(pushed({ ...error }, { connections: lines })).connections).toEqual([]);
		const second = '/etc/ipsec.d/owner.conf:14: keyword auto, invalid value: mabye';
		expect(next(pushed({ ...error }, blames(second)))).toMatchObject({ stateReason: { detail: `${meaning}: ${second}` } });
	});

	it.each([
		['unsupported-by-router', 'refused', undefined],
		['secret-missing', 'transient', { attempts: 1 }],
	] as const)('makes a connection an Error for %s, of kind %s, and owes an alert', (code, kind, retry) => {
		const decision = settleApply(pushed({ notified: 'up' }, { connections: [aLine({ up: pairs('00'), reasons: [code] })] }));

		expect(decision.connections[0]?.next).toMatchObject({ state: 'Error', stateReason: { code, kind }, notified: 'down' });

		expect(decision.events[0]?.alert?.subject).toContain('has an error');

		if (retry === undefined) expect(decision.vpc?.retry).toBeUndefined();
		else expect(decision.vpc?.retry).toMatchObject(retry);
	});

	it('refuses what was left out of the bundle even if the router is silent', () => {
		const reason = { code: 'crypto-denied', kind: 'refused', detail: 'legacy' } as const;
		const refused = [{ connectionId: idOf('vpnc', 1), reason }];

		expect(next(pushed({}, {}, { refused, answer: silence }))).toMatchObject({ state: 'Error', stateReason: reason });
	});

	it('lets a transient Error heal through Pending, and asks for another pass at once', () => {
		const stateReason = { code: 'foreign-config', kind: 'transient', detail: '' } as const;
		const decision = settleApply(pushed({ state: 'Error', stateReason, notified: 'down' }, {}));

		expect(decision.connections[0]?.next).toMatchObject({ state: 'Pending', desiredRevision: 1 });

		expect(decision.reconcile).toBe(true);

		const lasting = settleApply(
			pushed({ state: 'Error', stateReason }, { connections: [aLine({ up: pairs('00'), reasons: ['foreign-config'] })] }),
		);

		expect(lasting.connections).toEqual([]);

		expect(lasting.vpc?.retry).toBeDefined();
	});

	it('that changes no state is recorded with the steps it tried (F-22)', () => {
		const stateReason = { code: 'foreign-config', kind: 'transient', detail: '' } as const;
		const report = {
			connections: [aLine({ up: pairs('00'), reasons: ['foreign-config' as const] })],
			steps: [`${idOf('vpnc', 1)} in the way`],
		};

		expect(settleApply(pushed({ state: 'Error', stateReason }, report)).events).toMatchObject([
			{ kind: 'apply', why: 'foreign-config', steps: ['in the way'] },
		]);
	});

	it.each(['Connected', 'Disconnected'] as const)('does not change a connection that is %s', (state) => {
		expect(settleApply(pushed({ state }, { connections: [aLine({ up: pairs('00') })] })).connections).toEqual([]);
	});

	it('writes no outcome for a revision that it did not push', () => {
		expect(
			next(pushed({ desiredRevision: 2 }, {}, { pushed: { generation: 3, revisions: { [idOf('vpnc', 1)]: 1 } } })),
		).toBeUndefined();
	});
});

describe('a connection that is being deleted', () => {
	it('is gone once the router no longer reports it', () => {
		const decision = settleApply(pushed({ state: 'Deleting' }, { connections: [] }));

		expect(decision.connections).toMatchObject([{ current: { id: idOf('vpnc', 1) }, next: undefined }]);

		expect(decision.freed).toEqual([idOf('cgw', 1)]);

		expect(decision.vpc?.slots).toEqual({});

		expect(decision.events).toMatchObject([{ from: 'Deleting', to: 'gone' }]);
	});

	it('is gone if the router has nothing of ours left', () => {
		expect(settleApply(pushed({ state: 'Deleting' }, { connections: [], revision: 'none' })).freed).toHaveLength(1);
	});

	it.each([
		['still has it', {}],
		['is about another generation', { connections: [], revision: { generation: 2, hash: '0123456789abcdef' } }],
		['was made during an apply', { connections: [], busy: true }],
	])('stays if the report %s', (_why, report) => {
		const decision = settleApply(pushed({ state: 'Deleting' }, report));

		expect(decision.connections).toEqual([]);

		expect(decision.vpc?.retry).toBeDefined();
	});
});

describe('an unreachable router', () => {
	it('leaves a connection Pending and is retried', () => {
		const decision = settleApply(pushed({}, {}, { answer: silence }));

		expect(decision.connections).toEqual([]);

		expect(decision.vpc?.retry).toEqual({ at: later(40).toISOString(), attempts: 1, since: later(10).toISOString() });
	});

	it('is retried after 30 s, doubling to 10 min', () => {
		const delays: number[] = [];
		let retry: Vpc['retry'];
		for (let attempt = 0; attempt < 7; attempt++) {
			retry = nextRetry(retry, later(0));
			delays.push((Date.parse(retry.at) - later(0).getTime()) / 1_000);
		}

		expect(delays).toEqual([30, 60, 120, 240, 480, 600, 600]);
	});

	it.each([
		['unreachable', 'router-unreachable'],
		['not-managed', 'router-not-managed'],
		['agent-too-old', 'router-not-managed'],
	] as const)('makes a Pending connection a transient Error after 15 min (%s)', (code, reason) => {
		const retry = { at: later(800).toISOString(), attempts: 5, since: later(0).toISOString() };
		const outOfReachFor = (seconds: number) =>
			pushed(
				{},
				{},
				{
					desired: aDesiredRouter({ vpc: behind({ retry }) }),
					answer: { silence: { code, detail: '' } },
					now: later(seconds),
				},
			);

		expect(next(outOfReachFor(899))).toBeUndefined();

		expect(next(outOfReachFor(900))).toMatchObject({ state: 'Error', stateReason: { code: reason, kind: 'transient' } });

		expect(settleApply(outOfReachFor(900)).alerts).toBe(true);
	});
});

describe('a router that answers without taking the configuration', () => {
	it('does not leave a connection Pending for ever', () => {
		const retry = { at: later(800).toISOString(), attempts: 5, since: later(0).toISOString() };
		const desired = aDesiredRouter({ vpc: behind({ retry }) });

		expect(next(pushed({}, { connections: [] }, { desired, now: later(60) }))).toBeUndefined();

		expect(next(pushed({}, { connections: [] }, { desired, now: later(900) }))).toMatchObject({
			state: 'Error',
			stateReason: { kind: 'transient' },
		});
	});
});

describe('the generation', () => {
	it('is raised past that of a router that is ahead', () => {
		const decision = settleApply(pushed({}, { revision: { generation: 9, hash: '0123456789abcdef' } }));

		expect(decision.connections).toEqual([]);

		expect(decision.vpc).toMatchObject({ generation: 10, appliedGeneration: 2 });

		expect(decision.reconcile).toBe(true);
	});

	it('is pushed again if it was raised meanwhile', () => {
		const desired = aDesiredRouter({ vpc: behind({ generation: 4 }) });
		const decision = settleApply(pushed({}, {}, { desired }));

		expect(decision.vpc).toMatchObject({ generation: 4, appliedGeneration: 3 });

		expect(decision.reconcile).toBe(true);
	});

	it('does not count as applied if the router has drifted', () => {
		expect(settleApply(pushed({}, { revision: 'drift' })).vpc).toMatchObject({ appliedGeneration: 2, retry: { attempts: 1 } });
	});

	it('changes nothing if it was already applied', () => {
		const desired = aDesiredRouter({
			vpc: aVpc({ router: aRouter() }),
			connections: [{ connection: aConnection({ state: 'Connected' }), customerGateway: aCustomerGateway() }],
		});

		expect(settleApply(pushed({}, {}, { desired }))).toMatchObject({
			vpc: undefined,
			connections: [],
			events: [],
			reconcile: false,
		});
	});

	it('is rendered again if the router runs a different daemon than assumed', () => {
		const decision = settleApply(pushed({}, { flavor: 'openswan', version: '2.6.51.5' }));

		expect(decision.vpc?.router).toMatchObject({ flavor: 'openswan' });

		expect(decision.vpc).toMatchObject({ appliedGeneration: 2, retry: { at: later(10).toISOString() } });

		expect(decision.connections).toEqual([]);

		expect(decision.reconcile).toBe(true);
	});
});

describe('an apply that could not be made', () => {
	const id = idOf('vpnc', 1);
	const missing = (said: string) => ({
		connections: [aLine({ up: pairs('00'), reasons: ['secret-missing'] })],
		steps: [`${idOf('vpnc', 2)} failed: of another`, `${id} failed: ${said}`, '- holds revision 3-0123456789abcdef'],
	});

	it('has what the router said of it as the detail of the error', () => {
		expect(next(pushed({}, missing('/s2s/dev/acme/cgw-1:1: the router has no aws (the AWS CLI)')))).toMatchObject({
			state: 'Error',
			stateReason: {
				code: 'secret-missing',
				kind: 'transient',
				detail: 'the router could not read the pre-shared key: /s2s/dev/acme/cgw-1:1: the router has no aws (the AWS CLI)',
			},
		});
	});

	it('has its detail renewed where the next try fails for another reason, and stays as it is otherwise', () => {
		const failing = next(pushed({}, missing('the router has no aws')));
		expect(next(pushed(failing ?? {}, missing('access is denied')))).toMatchObject({
			state: 'Error',
			stateReason: { code: 'secret-missing', detail: expect.stringContaining('access is denied') },
		});
		expect(next(pushed(failing ?? {}, missing('the router has no aws')))).toBeUndefined();
	});

	it('is an error at once where somebody has to install a tool, and names it', () => {
		const answer = { silence: { code: 'tool-missing' as const, detail: 'it lacks flock' } };

		expect(next(pushed({}, {}, { answer }))).toMatchObject({
			state: 'Error',
			stateReason: { code: 'router-not-managed', kind: 'transient', detail: expect.stringContaining('it lacks flock') },
		});
		expect(next(pushed({ state: 'Connected' }, {}, { answer }))).toBeUndefined();
	});

	it('tells what the router said where it has not taken the configuration for too long', () => {
		const retry = { at: later(0).toISOString(), attempts: 5, since: later(-3_600).toISOString() };
		const desired = aDesiredRouter({
			vpc: behind({ retry }),
			connections: [
				{ connection: aConnection({ stateChangedAt: later(-3_600).toISOString() }), customerGateway: aCustomerGateway() },
			],
		});
		const report = { revision: 'none' as const, connections: [], steps: ['- the disk is full: /opt has no room'] };

		expect(next(pushed({}, report, { desired }))).toMatchObject({
			stateReason: { code: 'router-unreachable', detail: expect.stringContaining('the disk is full: /opt has no room') },
		});
	});

	it('is tried again, ever more seldom, while the scripts on the router are of another version', () => {
		const other = pushed({}, { scripts: '00000000' }, { routerScripts: '0a1b2c3d' });
		const retry = settleApply(other).vpc?.retry;

		expect(retry).toMatchObject({ attempts: 1 });
		const again = { ...other, desired: { ...other.desired, vpc: { ...other.desired.vpc, retry } } };
		expect(settleApply(again).vpc?.retry).toMatchObject({ attempts: 2 });
		expect(settleApply(pushed({}, { scripts: '0a1b2c3d' }, { routerScripts: '0a1b2c3d' })).vpc?.retry).toBeUndefined();
	});
});
