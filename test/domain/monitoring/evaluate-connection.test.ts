import { describe, expect, it } from 'vitest';
import { Alerting } from '../../../functions/domain/alerts/alerting.ts';
import type { RouterReport } from '../../../functions/domain/model/report.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { evaluateConnection } from '../../../functions/domain/monitoring/evaluate-connection.ts';
import { healthOf, healthOfPairs, monitoringOf, tunnelsOf } from '../../../functions/domain/monitoring/health.ts';
import type { Observation } from '../../../functions/domain/monitoring/observation.ts';
import { observe } from '../../../functions/domain/monitoring/observe.ts';
import { routerAnswered, routerSilent } from '../../../functions/domain/monitoring/router-silence.ts';
import { aConnection, aCustomerGateway, aLine, aReport, aVpc, idOf, later, pairs } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const observedAs = (up: string, reason?: 'psk-mismatch') => ({ up: pairs(up), reason, candidates: [], observedAt: at(0) });
const up = aConnection({ state: 'Connected', notified: 'up', observed: observedAs('11') });
const facts = { flavor: 'libreswan' as const, version: '4.10', capabilities: [], boot: 1_767_000_000, reportedAt: at(-100) };

const seen = (
	connections: readonly VpnConnection[],
	report: Partial<RouterReport>,
	over: Partial<Observation> = {},
): Observation => ({
	vpc: aVpc({ router: facts }),
	connections,
	customerGateways: [aCustomerGateway({ id: idOf('cgw', 7), name: 'another' }), aCustomerGateway()],
	answer: { report: aReport(report) },
	now: later(60),
	intervalSeconds: 30,
	...over,
});
const evaluated = (current: Partial<VpnConnection>, report: Partial<RouterReport>, over: Partial<Observation> = {}) => {
	const connection = { ...up, ...current };
	const observation = seen([connection], report, over);
	return evaluateConnection(connection, observation, aReport(report));
};
const lost = { connections: [aLine({ connectionId: idOf('vpnc', 2) }), aLine({ up: pairs('00'), reasons: ['psk-mismatch'] })] };
const well = { connections: [aLine()] };

describe('a connection that a report names', () => {
	it('goes by its own line, and is told of by its own customer gateway', () => {
		const { next, event } = evaluated({}, lost);

		expect(next.state).toBe('Disconnected');
		expect(event?.alert?.subject).toContain('Branch office');
	});

	it('keeps what else it may be in its reason', () => {
		const report = { connections: [aLine({ up: pairs('00'), reasons: ['psk-mismatch', 'peer-unreachable'] })] };

		expect(evaluated({}, report).next.stateReason?.detail).toContain('peer-unreachable');
	});

	it('has the file and the line that keep the daemon from its start, and the next line once that one is mended', () => {
		const hindered = (place: string) => ({
			daemon: false,
			connections: [aLine({ up: pairs('00'), reasons: ['foreign-config' as const] })],
			steps: [`- foreign-config: ${place}`],
		});
		const [first, second] = ['/etc/ipsec.conf:7: syntax error', '/etc/ipsec.d/owner.conf:2: unknown keyword'];

		const { next, event } = evaluated({}, hindered(first));
		const then = evaluated(next, hindered(second)).next;

		expect([event?.detail, next.stateReason?.detail]).toEqual([expect.stringContaining(first), expect.stringContaining(first)]);
		expect(then.stateReason?.detail).toContain(second);
		expect(evaluated(then, hindered(second)).next).toEqual(then);
	});

	it('stays the very row where nothing of it differs', () => {
		const { current, next, event, reconcile } = evaluated({}, well);

		expect(next).toBe(current);
		expect([event, reconcile]).toEqual([undefined, false]);
	});

	it('has no event where only its pairs differ, or only its time begins', () => {
		const degraded = { connections: [aLine({ up: pairs('10') })] };
		const { next, event } = evaluated({}, degraded);

		expect(next).toMatchObject({ degradedSince: at(60), notified: 'up', observed: { up: pairs('10') } });
		expect(event).toBeUndefined();
		const restored = evaluated({ degradedSince: at(50), observed: observedAs('11') }, well);
		expect(restored.next.degradedSince).toBeUndefined();
		expect(restored.next).not.toBe(restored.current);
	});

	const partly = { connections: [aLine({ up: pairs('10') })] };
	const inOutage = { state: 'Disconnected', notified: 'down', outage: { from: at(7) }, observed: observedAs('00') } as const;
	const outages: [string, Partial<VpnConnection>, Partial<RouterReport>, VpnConnection['outage']][] = [
		['begins when it is lost', {}, lost, { from: at(60) }],
		['lasts as long as it is down', inOutage, lost, { from: at(7) }],
		['ends when it is partly up', inOutage, partly, { from: at(7), to: at(60) }],
		['ends when all is up', inOutage, well, { from: at(7), to: at(60) }],
		['is none where it is partly up', {}, partly, undefined],
	];
	it.each(outages)('has an outage that %s', (_what, current, report, outage) => {
		expect(evaluated(current, report).next.outage).toEqual(outage);
	});

	const ups: [string, Partial<VpnConnection>, Partial<RouterReport>, VpnConnection['lastUp']][] = [
		['while it is', {}, well, { from: at(5) }],
		['until it is lost', {}, lost, { from: at(5), to: at(60) }],
		['until a pair is lost', {}, partly, { from: at(5), to: at(60) }],
		['until it was lost before', { ...inOutage, lastUp: { from: at(5), to: at(7) } }, lost, { from: at(5), to: at(7) }],
		['from now on', inOutage, well, { from: at(60) }],
		['from now on, where a pair was down', { observed: observedAs('10') }, well, { from: at(60) }],
		[
			'no more, where a pair is still down',
			{ ...inOutage, lastUp: { from: at(5), to: at(7) } },
			partly,
			{ from: at(5), to: at(7) },
		],
	];
	it.each(ups)('remembers since when all of it was up, %s', (_what, current, report, lastUp) => {
		expect(evaluated({ lastUp: { from: at(5) }, ...current }, report).next.lastUp).toEqual(lastUp);
	});

	it('is told down after as many bad checks as the deployment says', () => {
		const alerting = Alerting.parse({ afterChecks: 3 });
		const badSince = (second: number) =>
			evaluated({ state: 'Disconnected', stateChangedAt: at(second), observed: observedAs('00', 'psk-mismatch') }, lost, {
				alerting,
			});

		expect(badSince(30).event).toBeUndefined();
		expect(badSince(0)).toMatchObject({ next: { notified: 'down' }, event: { kind: 'notified', from: 'up', to: 'down' } });
	});

	it('is told degraded where it has been for an interval, and not where it is only down', () => {
		const degraded = { connections: [aLine({ up: pairs('10') })] };

		expect(evaluated({ degradedSince: at(30), observed: observedAs('10') }, degraded).next.notified).toBe('degraded');
		expect(evaluated({ degradedSince: at(50), observed: observedAs('10') }, degraded).next.notified).toBe('up');
	});
});

describe('a connection that flaps', () => {
	const alerting = Alerting.parse({ flapLosses: 2, flapSettleSeconds: 60 });
	const losses = { lossTimes: [at(30)] };

	it('is told so when it begins, and of nothing until it has settled', () => {
		const begins = evaluated(losses, lost, { alerting });
		expect(begins.next.flappingSince).toBe(at(60));
		expect(begins.event?.alert?.subject).toContain('is flapping');

		const flapping = { ...begins.next, stateChangedAt: at(60) };
		const goesOn = evaluated(flapping, well, { alerting, now: later(90) });
		expect(goesOn.event).toMatchObject({ from: 'Disconnected', to: 'Connected', alert: undefined });
	});

	it.each([
		['up', { state: 'Connected', notified: 'up' }, well, 'has settled and is up'],
		[
			'down',
			{ state: 'Disconnected', notified: 'down', observed: observedAs('00', 'psk-mismatch') },
			lost,
			'has settled and is down',
		],
	] as const)('is told that it has settled %s, though nothing else differs', (_what, current, report, headline) => {
		const { next, event } = evaluated({ ...current, flappingSince: at(-100), stateChangedAt: at(0) }, report, { alerting });

		expect(next.flappingSince).toBeUndefined();
		expect(event).toMatchObject({ kind: 'notified' });
		expect(event?.alert?.subject).toContain(headline);
	});

	it('is not told that it has settled up while a pair is down, but that it is degraded, and not so again', () => {
		const partlyUp = { state: 'Connected', degradedSince: at(0), observed: observedAs('10') } as const;
		const flapping = { ...partlyUp, flappingSince: at(-100), stateChangedAt: at(-50) };
		for (const notified of ['up', 'degraded', 'down'] as const) {
			const partly = { connections: [aLine({ up: pairs('10') })] };
			const settled = evaluated({ ...flapping, notified }, partly, { alerting });

			expect(settled.event?.alert?.subject).toContain('has settled and is degraded');
			expect(settled.event?.alert?.email).toContain(`Is:      degraded, since ${at(0)}`);
			expect(settled.next).toMatchObject({ flappingSince: undefined, notified: 'degraded' });
			expect(evaluated(settled.next, partly, { alerting, now: later(120) }).event).toBeUndefined();
		}
	});

	it('is told so where it begins while it is told down already', () => {
		expect(evaluated({ ...losses, notified: 'down' }, lost, { alerting }).event?.alert?.subject).toContain('is flapping');
	});
});

describe('a connection that a report does not name', () => {
	const unnamed = { connections: [] };
	const openswan3 = { flavor: 'openswan' as const, version: '3.0.0', connections: [] };
	const { esp } = aCustomerGateway();
	const weak = (over = {}) => [aCustomerGateway({ esp: { ...esp, encryption: '3des' }, ...over })];
	const codeOf = ({ next, reconcile }: ReturnType<typeof evaluated>) => [next.stateReason?.code, reconcile];

	it('is drift, and reconciled', () => {
		expect(codeOf(evaluated({}, unnamed))).toEqual(['config-not-applied', true]);
		expect(codeOf(evaluated({}, unnamed, { customerGateways: [] }))).toEqual(['config-not-applied', true]);
	});

	it('was left out where this router cannot do it, and says why', () => {
		const { next, reconcile } = evaluated({}, openswan3, { customerGateways: weak() });

		expect(next.stateReason).toMatchObject({ code: 'unsupported-by-router', detail: expect.stringContaining('3des') });
		expect(reconcile).toBe(false);
	});

	it.each([
		['it only answers', { passive: true }, weak()],
		['its peer has no address', {}, weak({ gateway: 'any', remoteId: 'x' })],
	])('is drift where %s, which the router can do', (_what, current, customerGateways) => {
		expect(codeOf(evaluated(current, openswan3, { customerGateways }))).toEqual(['config-not-applied', true]);
	});

	it.each([
		['its place on the router', aVpc({ router: facts }), observedAs('111'), '00'],
		['what was seen of it, where it has no place', aVpc({ router: facts, slots: {} }), observedAs('111'), '000'],
		['one, where nothing was seen either', aVpc({ router: facts, slots: {} }), undefined, '0'],
	])('has as many pairs down as %s says', (_what, vpc, observed, down) => {
		expect(evaluated({ observed }, unnamed, { vpc }).next.observed?.up).toEqual(pairs(down));
	});
});

describe('a check of several connections', () => {
	const other = aConnection({ ...up, id: idOf('vpnc', 2) });
	const both = [aLine(), aLine({ connectionId: idOf('vpnc', 2) })];

	it('is reconciled where one of them is to be', () => {
		expect(observe(seen([up, other], { connections: [aLine()] })).reconcile).toBe(true);
		expect(observe(seen([up, other], { connections: both })).reconcile).toBe(false);
	});

	it('takes a report of the generation that is applied, or of the one that is to be', () => {
		const of = (generation: number) =>
			observe(
				seen(
					[up],
					{ ...lost, revision: { generation, hash: '0123456789abcdef' } },
					{ vpc: aVpc({ router: facts, generation: 5, appliedGeneration: 3 }) },
				),
			);

		expect([3, 5].map((generation) => of(generation).connections.length)).toEqual([1, 1]);
		expect([2, 4, 6].map((generation) => of(generation).connections.length)).toEqual([0, 0, 0]);
		expect([3, 4, 5].map((generation) => of(generation).reconcile)).toEqual([true, true, false]);
	});

	it('reconciles a router that knows no generation', () => {
		for (const revision of ['none', 'drift'] as const) expect(observe(seen([up], { ...well, revision })).reconcile).toBe(true);
		expect(observe(seen([up], well)).reconcile).toBe(false);
		expect(observe(seen([up], { ...well, boot: 5 }, { vpc: aVpc() })).reconcile).toBe(false);
	});

	const trial = (n: number) => ({
		connection: aConnection({
			...up,
			id: idOf('vpnc', n),
			customerGatewayId: idOf('cgw', n),
			keyOnTrial: true,
			pskInUse: { version: 2, since: at(-400) },
		}),
		customerGateway: aCustomerGateway({
			id: idOf('cgw', n),
			pskVersion: 2,
			pskRotation: { previousVersion: 1, deadline: at(-100) },
		}),
	});

	it('ends the trial of a key where it has no other event, and raises the generation where it failed', () => {
		const { connection, customerGateway } = trial(1);
		const failed = {
			...connection,
			state: 'Disconnected' as const,
			notified: 'down' as const,
			observed: observedAs('00', 'psk-mismatch'),
		};
		const decision = observe(seen([failed], lost, { customerGateways: [customerGateway] }));

		expect(decision.vpc).toMatchObject({ generation: 4 });
		expect(decision.connections).toMatchObject([{ next: { state: 'Pending' } }]);
		expect(decision.reconcile).toBe(true);
		const silent = { vpc: aVpc({ router: facts, silentSince: at(30) }), customerGateways: [customerGateway] };
		expect(observe(seen([failed], lost, silent)).vpc).toMatchObject({ generation: 4, silentSince: undefined });
	});

	it('leaves the trial of a key to the next check where it has another event', () => {
		const { connection, customerGateway } = trial(1);
		const back = { ...connection, state: 'Disconnected' as const, notified: 'down' as const };
		const decision = observe(seen([back], well, { customerGateways: [customerGateway] }));

		expect(decision.customerGateways).toEqual([]);
		expect(decision.events).toHaveLength(1);
		expect(decision.connections).toMatchObject([{ next: { state: 'Connected', keyOnTrial: true } }]);
	});

	it('ends the trial of a key that has shown itself, and changes no generation', () => {
		const { connection, customerGateway } = trial(1);
		const decision = observe(seen([connection], well, { customerGateways: [customerGateway] }));

		expect(decision.vpc).toBeUndefined();
		expect(decision.customerGateways).toHaveLength(1);
		expect(decision.events).toMatchObject([{ why: 'psk-verified' }]);
	});
});

describe('a router that falls silent and answers again', () => {
	const silence = { code: 'unreachable', detail: 'no answer in time' } as const;
	const base = { now: later(90), intervalSeconds: 30 };

	it('has an event of each, with an alert of its own id', () => {
		const vpc = aVpc({ silentSince: at(0), silence });
		const { events } = routerSilent({ ...base, vpc, silence });
		const back = routerAnswered({ ...base, vpc: { ...vpc, silenceNotified: true } });
		const router = { subject: { kind: 'router', id: vpc.id }, kind: 'router', who: 'check', at: at(90) };

		expect(events).toMatchObject([
			{
				...router,
				from: 'answering',
				to: 'silent',
				detail: 'unreachable: no answer in time',
				alert: { alertId: `${vpc.id}-silent-${later(90).getTime()}`, subject: expect.stringContaining('is not reporting') },
			},
		]);
		expect(back.events).toMatchObject([
			{
				...router,
				from: 'silent',
				to: 'answering',
				alert: { alertId: `${vpc.id}-answering-${later(90).getTime()}`, subject: expect.stringContaining('is reporting again') },
			},
		]);
		expect(back.alerts).toBe(true);
	});

	it('has the reason of its silence noted where none was', () => {
		expect(routerSilent({ ...base, now: later(30), vpc: aVpc({ silentSince: at(0) }), silence }).vpc).toMatchObject({ silence });
	});
});

describe('health', () => {
	it.each([
		['11', undefined, 'up'],
		['11', 'one-way', 'degraded'],
		['11', 'psk-mismatch', 'up'],
		['10', undefined, 'degraded'],
		['00', 'one-way', 'down'],
		['', undefined, 'down'],
	] as const)('of pairs %s and the reason %s is %s', (digits, reason, health) => {
		expect(healthOfPairs(pairs(digits), reason)).toBe(health);
	});

	it('is unknown of one that is Deleting, or of which nothing was seen, and down of one that is Disconnected', () => {
		expect(healthOf({ ...up, state: 'Deleting' }, aVpc())).toBe('unknown');
		expect(healthOf({ ...up, observed: undefined }, aVpc())).toBe('unknown');
		expect(healthOf({ ...up, state: 'Disconnected', observed: undefined }, aVpc())).toBe('down');
		expect(healthOf({ ...up, state: 'Disconnected' }, aVpc())).toBe('down');
	});

	it('is watched where one network of several is implemented', () => {
		const networks = (['Allocated', 'Implemented'] as const).map((state, n) => ({ id: `n${n}`, cidr: `10.1.${n}.0/24`, state }));

		expect(monitoringOf(aVpc({ networks }))).toEqual({ active: true });
	});

	it('of tunnels is down where the connection is not up, or was not seen', () => {
		expect(tunnelsOf({ ...up, state: 'Disconnected' }, aCustomerGateway(), aVpc()).map((one) => one.up)).toEqual([false, false]);
		expect(tunnelsOf({ ...up, observed: undefined }, aCustomerGateway(), aVpc()).map((one) => one.up)).toEqual([false, false]);
	});
});
