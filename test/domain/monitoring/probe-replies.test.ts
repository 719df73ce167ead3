import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionReport } from '../../../functions/domain/model/report.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { healthOf } from '../../../functions/domain/monitoring/health.ts';
import { observe } from '../../../functions/domain/monitoring/observe.ts';
import { unlikeLastCheck } from '../../../functions/domain/monitoring/unlike-last-check.ts';
import { aConnection, aCustomerGateway, aLine, aReport, aVpc, later, pairs } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const up = aConnection({
	state: 'Connected',
	notified: 'up',
	probe: { host: '10.2.0.10' },
	observed: { up: pairs('11'), candidates: [], observedAt: at(-60) },
	lastUp: { from: at(-60) },
});
type Seen = Partial<ConnectionReport> | 'busy' | 'silent';
const none = { probe: { lossPercent: 100 } };
const some = { probe: { lossPercent: 67, rttMs: 12 } };
const unknown = {};

/** Checks each 30 s, as the service makes them: what stands on the row after each, how often it was written, and what was told. */
const checks = (seen: readonly Seen[], row: VpnConnection = up) => {
	let current = row;
	let writes = 0;
	const told: string[] = [];
	const reasons = seen.map((one, n) => {
		const report = aReport(
			one === 'busy' ? { busy: true, connections: [aLine(none)] } : { connections: [aLine(one === 'silent' ? {} : one)] },
		);
		const answer = one === 'silent' ? { silence: { code: 'unreachable' as const, detail: '' } } : { report };
		const decision = observe({
			vpc: aVpc(),
			connections: unlikeLastCheck([current], answer),
			customerGateways: [aCustomerGateway()],
			answer,
			now: later(30 * n),
			intervalSeconds: 30,
		});
		for (const { next } of decision.connections) {
			writes++;
			current = next ?? current;
		}
		told.push(...decision.events.flatMap(({ alert }) => (alert === undefined ? [] : [alert.subject])));
		return current.stateReason?.code ?? '-';
	});
	return { current, writes, told, reasons };
};
const noReply = 'no-reply-through-tunnel';

describe('a probe that nobody answers', () => {
	it('is a reason with the second check, told once, and written no more', () => {
		const { current, reasons, told, writes } = checks([none, none, none, ...Array<Seen>(50).fill(none)]);

		expect(reasons.slice(0, 3)).toEqual(['-', noReply, noReply]);
		expect(told).toEqual([expect.stringMatching(new RegExp(`is degraded: ${noReply}`))]);
		expect(writes).toBe(3);
		expect(current).toMatchObject({
			state: 'Connected',
			stateReason: { detail: `10.2.0.10 has answered no ping since ${at(0)}` },
		});
		expect(healthOf(current, aVpc())).toBe('degraded');
	});

	it('is no reason once it is answered, however few come back, and that is told once', () => {
		const { current, reasons, told } = checks([none, none, none, some, some, some]);

		expect(reasons.slice(3)).toEqual(['-', '-', '-']);
		expect(told).toEqual([expect.stringContaining('is degraded'), expect.stringContaining('is up again')]);
		expect(current).toMatchObject({ notified: 'up', unanswered: undefined, degradedSince: undefined });
	});

	it('never in two checks in a row is none', () => {
		const { reasons, told } = checks([none, some, none, some, none, some]);

		expect(new Set(reasons)).toEqual(new Set(['-']));
		expect(told).toEqual([]);
	});

	it.each<[string, Seen]>([
		['an apply is at work', 'busy'],
		['the router is silent', 'silent'],
		['nothing is known of it', unknown],
	])('stays as it is while %s', (_what, seen) => {
		const { current, reasons } = checks([none, none, seen, seen, none]);
		expect(reasons).toEqual(['-', noReply, noReply, noReply, noReply]);
		expect(current.unanswered).toEqual({ since: at(0), confirmed: true });

		expect(checks([none, seen, seen]).reasons).toEqual(['-', '-', '-']);
		expect(checks([none, seen, none]).reasons).toEqual(['-', '-', noReply]);
	});

	it('is not seen a second time by a check that comes twice', () => {
		const answer = { report: aReport({ connections: [aLine(none)] }) };
		const twice = aConnection({ ...up, unanswered: { since: at(0), confirmed: false } });

		const { connections } = observe({
			vpc: aVpc(),
			connections: [twice],
			customerGateways: [aCustomerGateway()],
			answer,
			now: later(5),
			intervalSeconds: 30,
		});

		expect(connections).toEqual([]);
	});

	it('of a tunnel that is not wholly up says nothing', () => {
		expect(
			checks([
				{ ...none, up: pairs('10') },
				{ ...none, up: pairs('10') },
			]).reasons,
		).toEqual(['-', '-']);
		expect(checks([none, { ...none, up: pairs('00'), reasons: ['dpd-timeout'] }, none]).reasons).toEqual([
			'-',
			'dpd-timeout',
			'-',
		]);
	});

	it('of a connection that has none says nothing, and its reason goes with it', () => {
		const { current } = checks([none, none]);

		expect(checks([none, none, none], aConnection({ ...up, probe: undefined })).writes).toBe(0);
		expect(checks([none], aConnection({ ...current, probe: undefined })).reasons).toEqual(['-']);
	});

	it.each(['one-way', 'suite-differs'] as const)('says more than %s, which it may be as well', (reason) => {
		const { current, reasons } = checks([
			{ ...none, reasons: [reason] },
			{ ...none, reasons: [reason] },
		]);

		expect(reasons).toEqual([reason, noReply]);
		expect(current.observed).toMatchObject({ reason: noReply, candidates: [reason] });
		expect(current.stateReason?.detail).toContain(`it may also be ${reason}`);
	});

	it('says less than what the router has in its own way', () => {
		expect(checks([none, { ...none, reasons: ['config-not-applied'] }]).reasons).toEqual(['-', 'config-not-applied']);
	});

	it('is told as degraded at most once between two recoveries, whatever comes when, and an unchanged check writes nothing', () => {
		const any = fc.constantFrom<Seen>(none, none, some, unknown, 'busy');
		fc.assert(
			fc.property(fc.array(any, { maxLength: 40 }), any, (seen, last) => {
				const settled = [...seen, last, last, last];
				const { told, writes } = checks(settled);
				for (const [n, subject] of told.entries()) expect(subject).toContain(n % 2 === 0 ? 'is degraded' : 'is up again');
				expect(checks([...settled, ...Array<Seen>(10).fill(last)]).writes).toBe(writes);
			}),
		);
	});
});
