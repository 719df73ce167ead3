import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionReport } from '../../../functions/domain/model/report.ts';
import type { RouterAnswer } from '../../../functions/domain/model/router-answer.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { observe } from '../../../functions/domain/monitoring/observe.ts';
import { unlikeLastCheck } from '../../../functions/domain/monitoring/unlike-last-check.ts';
import { anyLine } from '../../support/arbitraries.ts';
import { aConnection, aCustomerGateway, aLine, aReport, aVpc, later, pairs } from '../../support/builders.ts';

const at = (seconds: number) => later(seconds).toISOString();
const observedAs = (up: string, reason?: 'psk-mismatch' | 'secret-missing' | 'no-reply-through-tunnel') => ({
	up: pairs(up),
	reason,
	candidates: [],
	observedAt: at(0),
});
const up = aConnection({ state: 'Connected', notified: 'up', observed: observedAs('11') });
const partlyUp = aConnection({ state: 'Connected', notified: 'degraded', degradedSince: at(0), observed: observedAs('10') });
const down = aConnection({ state: 'Disconnected', notified: 'down', observed: observedAs('00', 'psk-mismatch') });
const neverUp = aConnection({ ...down, notified: 'none' });
const withoutSecret = aConnection({ ...down, observed: observedAs('00', 'secret-missing') });
const probe = { host: '10.2.0.10' };
const probed = aConnection({ ...up, probe });
const isUnanswered = { lossPercent: 100 };
const unanswered = aConnection({
	...probed,
	notified: 'degraded',
	degradedSince: at(0),
	unanswered: { since: at(-30), confirmed: true },
	observed: observedAs('11', 'no-reply-through-tunnel'),
});
const asUnanswered = aLine({ up: pairs('11'), probe: isUnanswered });
const asAnswered = aLine({ up: pairs('11'), probe: { lossPercent: 67, rttMs: 8 } });
const asUp = aLine({ up: pairs('11') });
const asPartlyUp = aLine({ up: pairs('10') });
const asDown = aLine({ up: pairs('00'), reasons: ['psk-mismatch'] });
const asWithoutSecret = aLine({ up: pairs('00'), reasons: ['secret-missing'] });
const answer = (...connections: ReturnType<typeof aLine>[]): RouterAnswer => ({ report: aReport({ connections }) });

describe('a check leaves a connection unevaluated', () => {
	it.each([
		['all pairs are up and the account knows', up, asUp],
		['some pairs are up and the account knows', partlyUp, asPartlyUp],
		['no pair is up and the account knows', down, asDown],
		['no pair is up, as ever', neverUp, asDown],
		['its probe is answered, however slowly', probed, asAnswered],
		['nothing is known of its probe', probed, asUp],
		['its probe is not answered and the account knows', unanswered, asUnanswered],
		['its probe was not answered and nothing more is known', unanswered, asUp],
		['there are answers or none, of a probe that it does not have', up, asUnanswered],
		['it is Pending: its apply settles it', aConnection({ state: 'Pending' }), asUp],
	])('where %s', (_, connection, line) => {
		expect(unlikeLastCheck([connection], answer(line))).toEqual([]);
	});

	it('where the router does not answer, or an apply is at work', () => {
		const silence = { code: 'unreachable', detail: 'no answer in time' } as const;

		expect(unlikeLastCheck([up], { silence })).toEqual([]);
		expect(unlikeLastCheck([up], { report: aReport({ busy: true, connections: [asDown] }) })).toEqual([]);
	});
});

describe('a check evaluates a connection', () => {
	it.each([
		['a pair went down', up, asPartlyUp],
		['the reason is another one', down, aLine({ up: pairs('00'), reasons: ['dpd-timeout'] })],
		['a reason may have further candidates', down, aLine({ up: pairs('00'), reasons: ['psk-mismatch', 'identity-mismatch'] })],
		['the account has yet to be notified of an outage', aConnection({ ...down, notified: 'up' }), asDown],
		['the account has yet to be notified of a recovery', aConnection({ ...up, notified: 'down' }), asUp],
		['it is degraded and not yet for an interval', aConnection({ ...partlyUp, notified: 'up' }), asPartlyUp],
		['it is flapping, which ends by itself', aConnection({ ...up, flappingSince: at(0) }), asUp],
		['its probe is not answered for the first time', probed, asUnanswered],
		[
			'its probe may not be answered a second time',
			aConnection({ ...probed, unanswered: { since: at(0), confirmed: false } }),
			asUnanswered,
		],
		['its probe is answered again', unanswered, asAnswered],
		['its probe was cleared', aConnection({ ...unanswered, probe: undefined }), asUp],
		['a new key is on trial', aConnection({ ...up, keyOnTrial: true }), asUp],
		['its reason is tried again with each check', withoutSecret, asWithoutSecret],
	])('where %s', (_, connection, line) => {
		expect(unlikeLastCheck([connection], answer(line))).toEqual([connection]);
	});

	it('where the router does not name it', () => {
		expect(unlikeLastCheck([up], answer())).toEqual([up]);
	});
});

const rarely = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined, freq: 5 });
const anyRow = fc
	.record({
		state: fc.constantFrom('Connected', 'Disconnected', 'Connected', 'Disconnected', 'Pending', 'Error'),
		notified: fc.constantFrom('none', 'up', 'degraded', 'down'),
		observed: fc.constantFrom(
			up.observed,
			partlyUp.observed,
			down.observed,
			withoutSecret.observed,
			unanswered.observed,
			undefined,
		),
		degradedSince: fc.constantFrom(undefined, at(0), at(50)),
		outage: fc.constantFrom(undefined, { from: at(0) }, { from: at(0), to: at(20) }),
		lastUp: fc.constantFrom(undefined, { from: at(0) }, { from: at(0), to: at(20) }),
		flappingSince: rarely(at(0)),
		lossTimes: fc.constantFrom(undefined, [at(0)], [at(0), at(10), at(20)]),
		mutedUntil: rarely(at(100)),
		keyOnTrial: rarely(true as const),
		probe: fc.constantFrom(undefined, probe),
		unanswered: fc.constantFrom(undefined, { since: at(0), confirmed: false }, { since: at(0), confirmed: true }),
	})
	.map((fields) => aConnection(fields as Partial<VpnConnection>));

it('what a check leaves unevaluated would have changed nothing', () => {
	const anyAnswer = fc.record({
		connections: fc.oneof(
			{
				weight: 6,
				arbitrary: fc
					.constantFrom(asUp, asUp, asPartlyUp, asDown, asWithoutSecret, asUnanswered, asAnswered)
					.map((line) => [line]),
			},
			{ weight: 2, arbitrary: anyLine.map((line) => [line]) },
			{ weight: 1, arbitrary: fc.constant<ConnectionReport[]>([]) },
		),
		busy: fc.boolean(),
	});
	fc.assert(
		fc.property(anyRow, anyAnswer, fc.nat(400), (connection, report, seconds) => {
			const customerGateway = aCustomerGateway(
				connection.keyOnTrial === true ? { pskVersion: 2, pskRotation: { previousVersion: 1, deadline: at(300) } } : {},
			);
			const rest = { vpc: aVpc(), answer: { report: aReport(report) }, now: later(seconds), intervalSeconds: 30 };
			const evaluated = unlikeLastCheck([connection], rest.answer);

			const whole = observe({ ...rest, connections: [connection], customerGateways: [customerGateway] });
			const part = observe({ ...rest, connections: evaluated, customerGateways: evaluated.map(() => customerGateway) });
			expect(part).toEqual(whole);
		}),
		{ numRuns: 2_000 },
	);
});
