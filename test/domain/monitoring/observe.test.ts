import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, isNothing } from '../../../functions/domain/model/decision.ts';
import type { RouterReport } from '../../../functions/domain/model/report.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import type { Observation } from '../../../functions/domain/monitoring/observation.ts';
import { observe } from '../../../functions/domain/monitoring/observe.ts';
import { anyLine } from '../../support/arbitraries.ts';
import { aConnection, aCustomerGateway, aLine, aReport, aRouter, aVpc, later, pairs } from '../../support/builders.ts';

const up = aConnection({
	state: 'Connected',
	notified: 'up',
	appliedRevision: 1,
	observed: { up: pairs('11'), candidates: [], observedAt: later(0).toISOString() },
});
const down = aConnection({
	...up,
	state: 'Disconnected',
	notified: 'down',
	outage: { from: later(0).toISOString() },
	observed: { up: pairs('00'), candidates: [], observedAt: later(0).toISOString() },
});
const partly = { connections: [aLine({ up: pairs('10'), reasons: ['subnet-mismatch'] })] };
const none = { connections: [aLine({ up: pairs('00'), reasons: ['psk-mismatch', 'peer-unreachable'] })] };

const seen = (report: Partial<RouterReport>, overrides: Partial<Observation> = {}): Observation => ({
	vpc: aVpc({ router: aRouter() }),
	connections: [up],
	customerGateways: [aCustomerGateway()],
	answer: { report: aReport(report) },
	now: later(60),
	intervalSeconds: 30,
	...overrides,
});
const silence = { code: 'unreachable', detail: 'no answer in time' } as const;
const silent = (overrides: Partial<Observation> = {}) => seen({}, { answer: { silence }, ...overrides });

/** The rows as they are once the decision is written. */
const afterwards = (observation: Observation, decision: Decision): Observation => ({
	...observation,
	vpc: decision.vpc ?? observation.vpc,
	connections: observation.connections.map(
		(one) => decision.connections.find(({ current }) => current.id === one.id)?.next ?? one,
	),
});
const only = (decision: Decision): VpnConnection | undefined => decision.connections[0]?.next;

describe('a check', () => {
	it('writes nothing if it finds nothing new, whatever the counters say', () => {
		const decision = observe(seen({ connections: [aLine({ bytesIn: 9_999, bytesOut: 1 })] }));

		expect(decision).toEqual({
			connections: [],
			customerGateways: [],
			freed: [],
			rest: [],
			events: [],
			reconcile: false,
			alerts: false,
		});
	});

	it('makes a lost connection Disconnected with the reason, and owes an alert', () => {
		const decision = observe(seen(none));

		expect(only(decision)).toMatchObject({
			state: 'Disconnected',
			notified: 'down',
			stateReason: { code: 'psk-mismatch', kind: 'down' },
			observed: { up: pairs('00'), reason: 'psk-mismatch', candidates: ['peer-unreachable'] },
			version: 1,
		});

		expect(decision.events).toMatchObject([
			{
				kind: 'state',
				who: 'check',
				from: 'Connected',
				to: 'Disconnected',
				why: 'psk-mismatch',
				alert: { owedAt: later(60).toISOString() },
			},
		]);

		expect(decision.alerts).toBe(true);
	});

	it('makes a recovered connection Connected, and alerts with the length of the outage', () => {
		const decision = observe(seen({}, { connections: [down], now: later(3_725) }));

		const outage = { from: later(0).toISOString(), to: later(3_725).toISOString() };
		expect(only(decision)).toMatchObject({ state: 'Connected', notified: 'up', stateReason: undefined, outage });

		expect(decision.events[0]).toMatchObject({
			outage,
			alert: { email: expect.stringContaining(`down, from ${outage.from} to ${outage.to}, 1 h 2 min`) },
		});
	});

	it.each(['Pending', 'Deleting'] as const)('leaves a connection that is %s alone (F-8)', (state) => {
		expect(observe(seen(none, { connections: [aConnection({ state })] })).connections).toEqual([]);
	});

	it('ignores a VPC without an implemented network (F-9)', () => {
		const vpc = aVpc({ networks: [{ id: 'n', cidr: '10.1.1.0/24', state: 'Shutdown' }] });

		expect(isNothing(observe(seen(none, { vpc })))).toBe(true);

		expect(isNothing(observe(silent({ vpc })))).toBe(true);
	});

	it.each([
		['that is made while an apply is running', { ...none, busy: true }],
		['about a generation yet to come', { ...none, revision: { generation: 9, hash: '0123456789abcdef' } }],
		['about a generation long past', { ...none, revision: { generation: 1, hash: '0123456789abcdef' } }],
	])('changes no state because of a report %s', (_when, report) => {
		expect(observe(seen(report)).connections).toEqual([]);
	});

	it('keeps watching unchanged connections while a newer generation is being applied', () => {
		const vpc = aVpc({ router: aRouter(), generation: 4 });

		expect(only(observe(seen(none, { vpc })))).toMatchObject({ state: 'Disconnected' });
	});

	it('treats a connection that the router does not report as drift, and hints a reconcile', () => {
		const decision = observe(seen({ connections: [], revision: 'none' }));

		expect(only(decision)).toMatchObject({ state: 'Disconnected', observed: { up: pairs('00'), reason: 'config-not-applied' } });

		expect(decision.reconcile).toBe(true);
	});

	it('hints no reconcile for what the router does not support', () => {
		const { ike } = aCustomerGateway();
		const customerGateways = [aCustomerGateway({ ike: { ...ike, version: 'ikev2' } })];
		const router = { ...aRouter(), flavor: 'openswan' as const, version: '2.6.38' };
		const report = { connections: [], flavor: 'openswan' as const, version: '2.6.38' };
		const decision = observe(seen(report, { customerGateways, vpc: aVpc({ router }) }));

		expect(only(decision)).toMatchObject({ state: 'Disconnected', stateReason: { code: 'unsupported-by-router' } });

		expect(decision.reconcile).toBe(false);
	});

	it.each([
		['drift', { revision: 'drift' }],
		['missing packet rules', { packetRules: 'missing' }],
		['a restart of the router', { boot: 1_767_000_500 }],
		['another generation', { revision: { generation: 2, hash: '0123456789abcdef' } }],
		['a transient reason', { connections: [aLine({ up: pairs('00'), reasons: ['foreign-config'] })] }],
	] as [string, Partial<RouterReport>][])('hints a reconcile for %s', (_what, report) => {
		expect(observe(seen(report)).reconcile).toBe(true);
	});

	it.each<[string, Partial<RouterReport>, boolean]>([
		['of our version', { scripts: '0a1b2c3d' }, false],
		['of another version', { scripts: '00000000' }, true],
		['of a version that does not say which it is', {}, false],
	])(
		'of a router with scripts %s changes no connection, and hints a reconcile only where they are to be renewed',
		(_of, report, hints) => {
			const decision = observe(seen(report, { routerScripts: '0a1b2c3d' }));

			expect(decision).toMatchObject({ connections: [], events: [], reconcile: hints });
			expect(decision.vpc).toBeUndefined();
		},
	);

	it('of a router without our scripts says nothing about tunnels, and hints a reconcile', () => {
		const decision = observe(
			seen({ scripts: 'none', revision: 'none', connections: [] }, { connections: [up, down], routerScripts: '0a1b2c3d' }),
		);

		expect(decision).toMatchObject({ connections: [], events: [], reconcile: true });
		expect(decision.vpc).toMatchObject({ silentSince: later(60).toISOString(), silence: { code: 'unreadable' } });
	});

	it('of a router that never had our scripts is no silence, and tells what it runs', () => {
		const observation = seen(
			{ scripts: 'none', revision: 'none', connections: [], version: '5.4' },
			{ connections: [aConnection()] },
		);

		const { reconcile, vpc } = observe(observation);
		expect(reconcile).toBe(true);
		expect(vpc?.silentSince).toBeUndefined();
		expect(vpc?.router?.version).toBe('5.4');
	});

	it('stores what the router reports about itself only if it differs', () => {
		expect(observe(seen({ version: '5.4' })).vpc?.router).toMatchObject({ version: '5.4', reportedAt: later(60).toISOString() });

		expect(observe(seen({}, { vpc: aVpc() })).vpc?.router).toMatchObject({ flavor: 'libreswan', version: '4.10' });
	});

	it('changes nothing the second time', () => {
		const anyReport = fc.record({
			connections: fc.option(
				anyLine.map((line) => [line]),
				{ nil: [] },
			),
			revision: fc.constantFrom(
				'none',
				'drift',
				{ generation: 3, hash: '0123456789abcdef' },
				{ generation: 5, hash: '0123456789abcdef' },
			),
			busy: fc.boolean(),
			boot: fc.constantFrom(1_767_000_000, 5),
		}) as fc.Arbitrary<Partial<RouterReport>>;
		fc.assert(
			fc.property(
				anyReport,
				fc.constantFrom(up, down, aConnection({ state: 'Disconnected' })),
				fc.boolean(),
				(report, connection, told) => {
					const vpc = aVpc({
						router: aRouter(),
						silentSince: told ? later(0).toISOString() : undefined,
						silenceNotified: told || undefined,
					});
					const first = seen(report, { connections: [connection], vpc });
					const decision = observe(first);
					expect(decision.events.filter(({ kind }) => kind !== 'router').length).toBeLessThanOrEqual(1);

					const second = afterwards(first, decision);
					expect(isNothing(observe(second))).toBe(true);
				},
			),
		);
	});
});

describe('the alerts of a check', () => {
	it('report neither a first Connected nor the loss of what was never up', () => {
		const born = aConnection({ state: 'Disconnected' });
		const connected = observe(seen({}, { connections: [born] }));

		expect(only(connected)).toMatchObject({ state: 'Connected', notified: 'up' });

		expect(connected.alerts).toBe(false);

		const never = observe(seen(none, { connections: [born] }));

		expect(only(never)).toMatchObject({ notified: 'none', observed: { up: pairs('00') } });

		expect(never.alerts).toBe(false);
	});

	it('report a degraded connection only after a whole interval', () => {
		const first = seen(partly);
		const decision = observe(first);

		expect(only(decision)).toMatchObject({ state: 'Connected', notified: 'up', degradedSince: later(60).toISOString() });

		expect(decision.alerts).toBe(false);

		const second = observe({ ...afterwards(first, decision), now: later(90) });

		expect(only(second)).toMatchObject({ notified: 'degraded' });

		expect(second.events).toMatchObject([{ kind: 'notified', from: 'up', to: 'degraded' }]);

		expect(second.alerts).toBe(true);
	});

	it('report a partial recovery only after a whole interval, and a complete one at once', () => {
		const first = seen(partly, { connections: [down] });
		const decision = observe(first);

		expect(only(decision)).toMatchObject({ state: 'Connected', notified: 'down' });

		expect(decision.alerts).toBe(false);

		const after = afterwards(first, decision);

		expect(only(observe({ ...after, now: later(90) }))).toMatchObject({ notified: 'degraded' });

		const whole = observe({ ...after, answer: { report: aReport() }, now: later(90) });

		expect(only(whole)).toMatchObject({ notified: 'up', degradedSince: undefined });

		expect(whole.alerts).toBe(true);
	});

	it.each(['one-way', 'suite-differs'] as const)('treat %s with all pairs up as degraded', (reason) => {
		expect(only(observe(seen({ connections: [aLine({ reasons: [reason] })] })))).toMatchObject({
			state: 'Connected',
			degradedSince: later(60).toISOString(),
		});
	});

	it('wait for the end of a mute', () => {
		const muted = { ...up, mutedUntil: later(3_600).toISOString() };
		const decision = observe(seen(none, { connections: [muted] }));

		expect(only(decision)).toMatchObject({ state: 'Disconnected', notified: 'up' });

		expect(decision.alerts).toBe(false);
	});
});

describe('a silent router', () => {
	it('is noted at the first miss, and leaves every connection’s state as it was', () => {
		const decision = observe(silent());

		expect(decision.vpc).toMatchObject({ silentSince: later(60).toISOString(), silence });

		expect(decision.connections).toEqual([]);

		expect(decision.alerts).toBe(false);
	});

	it('has the reason of its silence written only when it changes', () => {
		const vpc = aVpc({ router: aRouter(), silentSince: later(0).toISOString(), silence });
		const untagged = { code: 'not-managed', detail: 'it is not tagged s2s:router=true' } as const;

		expect(observe(silent({ vpc, now: later(30), answer: { silence: untagged } })).vpc).toEqual({
			...vpc,
			silence: untagged,
			updatedAt: later(30).toISOString(),
		});
		expect(isNothing(observe(silent({ vpc, now: later(30) })))).toBe(true);
	});

	it.each([
		['at the end of its backoff', 600],
		['at once', 0],
	])('gets what waits for it with its first answer, not %s', (_when, seconds) => {
		const retry = { at: later(60 + seconds).toISOString(), attempts: 5, since: later(0).toISOString() };
		const vpc = aVpc({ router: aRouter(), silentSince: later(0).toISOString(), silence, retry });

		const decision = observe(seen({}, { vpc }));

		expect(decision.reconcile).toBe(true);
		expect(decision.vpc).toMatchObject({ retry: { ...retry, at: later(60).toISOString() } });
		expect(decision.vpc?.silence).toBeUndefined();
	});

	it('gets nothing with its first answer if nothing waits', () => {
		const vpc = aVpc({ router: aRouter(), silentSince: later(0).toISOString(), silence });

		expect(observe(seen({}, { vpc })).reconcile).toBe(false);
	});

	it('is reported once, after three intervals', () => {
		const vpc = aVpc({ router: aRouter(), silentSince: later(0).toISOString(), silence });

		expect(isNothing(observe(silent({ vpc, now: later(60) })))).toBe(true);

		const told = observe(silent({ vpc, now: later(90) }));

		expect(told.vpc).toMatchObject({ silenceNotified: true });

		expect(told.events).toMatchObject([{ subject: { kind: 'router', id: vpc.id }, kind: 'router', to: 'silent' }]);

		expect(told.alerts).toBe(true);

		expect(isNothing(observe(silent({ vpc: told.vpc ?? vpc, now: later(120) })))).toBe(true);
	});

	it('is reported no interval later if the checks come a little early', () => {
		const vpc = aVpc({ router: aRouter(), silentSince: later(0).toISOString() });

		expect(observe(silent({ vpc, now: later(88) })).alerts).toBe(true);
	});

	it('is reported as answering again only if its silence was reported', () => {
		const silentSince = later(0).toISOString();
		const unnoticed = observe(seen({}, { vpc: aVpc({ router: aRouter(), silentSince }) }));

		expect(unnoticed.vpc).toMatchObject({ silentSince: undefined });

		expect(unnoticed.alerts).toBe(false);

		const back = observe(seen({ busy: true }, { vpc: aVpc({ router: aRouter(), silentSince, silenceNotified: true }) }));

		expect(back.vpc).toMatchObject({ silentSince: undefined, silenceNotified: undefined });

		expect(back.events).toMatchObject([{ kind: 'router', from: 'silent', to: 'answering' }]);
	});
});
