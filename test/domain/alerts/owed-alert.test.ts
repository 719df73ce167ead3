import { describe, expect, it } from 'vitest';
import { connectionAlert, owedAlert } from '../../../functions/domain/alerts/owed-alert.ts';
import { isMuted } from '../../../functions/domain/model/is-muted.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later, pairs } from '../../support/builders.ts';

const now = later(100);
const at = (second: number) => later(second).toISOString();
const alertOf = (
	current: Partial<VpnConnection>,
	next: Partial<VpnConnection>,
	more: Partial<Parameters<typeof connectionAlert>[0]> = {},
) =>
	connectionAlert({
		current: aConnection({ state: 'Connected', notified: 'up', ...current }),
		next: aConnection({ state: 'Disconnected', notified: 'down', ...next }),
		vpc: aVpc(),
		customerGateway: aCustomerGateway(),
		now,
		...more,
	});
const lineOf = (label: string, alert: ReturnType<typeof connectionAlert>) =>
	alert?.email.split('\n').find((line) => line.startsWith(label));

describe('an alert that is owed', () => {
	it('has an id of what it says, of whom and when, so that a repeat owes the same', () => {
		const text = { subject: 's', email: 'e', sms: 'm' };

		expect(owedAlert('vpnc-1', 'down', { text, now })).toEqual({
			alertId: `vpnc-1-down-${now.getTime()}`,
			...text,
			owedAt: now.toISOString(),
		});
	});

	it('says why, what else it may be, and where to read on', () => {
		const alert = alertOf(
			{},
			{
				stateReason: { code: 'peer-unreachable', kind: 'down', detail: 'seen at 10.0.0.7' },
				observed: { up: pairs('00'), candidates: ['peer-unreachable', 'psk-mismatch'], observedAt: at(100) },
			},
			{ docsBaseUrl: 'https://docs.example/reasons' },
		);

		expect(alert?.subject).toContain('is down: peer-unreachable');
		expect(alert?.email).toContain('seen at 10.0.0.7');
		expect(alert?.email).toContain('(psk-mismatch)');
		expect(alert?.email).toContain('https://docs.example/reasons#peer-unreachable');
	});

	it('says nothing of an outage that is over and was told, nor of a change before it', () => {
		const after = { at: at(5), who: 'jo', what: 'changed something' };
		const outage = { from: at(10), to: at(20), after };
		const degraded = { state: 'Connected', notified: 'degraded', degradedSince: at(50), outage } as const;

		expect(alertOf({ lastUp: { from: at(20), to: at(50) } }, degraded)?.email).not.toContain('changed');
		expect(alertOf(degraded, { state: 'Connected', notified: 'up', outage })?.email).not.toMatch(/changed|down/);
		expect(alertOf({ notified: 'down' }, degraded)?.email).toContain('Change:  jo changed something');
	});

	describe('about a tunnel that is down while a new pre-shared key is on trial', () => {
		const trial = aCustomerGateway({ pskVersion: 4, pskRotation: { previousVersion: 3, deadline: at(300) } });
		const inUse = (version: number, since: number) => ({ pskInUse: { version, since: at(since) } });
		const byWhen = (next: Partial<VpnConnection>, customerGateway = trial, when = now) =>
			lineOf('By when:', alertOf({}, next, { customerGateway, now: when }));
		const told = (second: number) => `By when: ${at(second)}, or version 3 of the pre-shared key is used again.`;

		it('says until when the peer may take it over', () => {
			const stateReason = { code: 'psk-mismatch', kind: 'down', detail: 'the pre-shared keys differ' } as const;

			expect(byWhen({ ...inUse(4, 0), stateReason })).toBe(told(300));
			expect(byWhen(inUse(4, 0))).toBe(told(300));
			expect(byWhen(inUse(4, 90))).toBe(told(390));
			expect(byWhen(inUse(4, 0), trial, later(299))).toBe(told(300));
		});

		it('says nothing of it where it is over, has not begun, or is none', () => {
			expect(byWhen(inUse(4, 0), trial, later(300))).toBeUndefined();
			expect(byWhen(inUse(3, 0))).toBeUndefined();
			expect(byWhen({})).toBeUndefined();
			expect(byWhen(inUse(4, 0), { ...trial, pskRotation: undefined })).toBeUndefined();
			expect(byWhen({ ...inUse(4, 0), state: 'Connected', notified: 'up' })).toBeUndefined();
			expect(byWhen({ ...inUse(4, 0), state: 'Connected', notified: 'degraded' })).toBeUndefined();
		});
	});

	it('is none while its connection is muted', () => {
		expect(alertOf({}, { mutedUntil: at(101) })).toBeUndefined();
		expect(alertOf({}, { mutedUntil: at(100) })).toBeDefined();
		expect(isMuted(aConnection(), now)).toBe(false);
	});

	const words: [string, Partial<VpnConnection>, 'none' | 'begins' | 'settles', string][] = [
		['down', {}, 'none', 'is down'],
		['degraded', { state: 'Connected', notified: 'degraded' }, 'none', 'is degraded'],
		['up', { state: 'Connected', notified: 'up' }, 'none', 'is up again'],
		['up, of one that nothing was told of', { state: 'Connected', notified: 'none' }, 'none', 'is up again'],
		['an error', { state: 'Error', notified: 'down' }, 'none', 'has an error'],
		['an error, whatever it does besides', { state: 'Error', notified: 'down' }, 'begins', 'has an error'],
		['flapping', { state: 'Disconnected', notified: 'down' }, 'begins', 'is flapping'],
		['settled and up', { state: 'Connected', notified: 'up' }, 'settles', 'has settled and is up'],
		['settled and degraded', { state: 'Connected', notified: 'degraded' }, 'settles', 'has settled and is degraded'],
		['settled and down', { state: 'Disconnected', notified: 'down' }, 'settles', 'has settled and is down'],
	];
	it.each(words)('says %s', (_what, next, flap, headline) => {
		expect(alertOf({}, next, { flap })?.email).toMatch(
			new RegExp(`^The VPN connection Branch office \\(${idOf('vpnc', 1)}\\) ${headline}\\.\n`),
		);
	});

	const lost = { outage: { from: at(90) }, stateChangedAt: at(95) };
	const partly = { state: 'Connected', notified: 'degraded', degradedSince: at(80) } as const;
	const allUp = { state: 'Connected', notified: 'up', lastUp: { from: at(85) } } as const;
	const over = { outage: { from: at(10), to: at(80) } };
	const since: [string, Partial<VpnConnection>, Partial<VpnConnection>, string][] = [
		['up', { stateChangedAt: at(7), lastUp: { from: at(20) } }, lost, `up, since ${at(20)} (1 min 10 s)`],
		[
			'up, and until when, for some checks ago',
			{ state: 'Disconnected', stateChangedAt: at(70), lastUp: { from: at(20), to: at(50) } },
			lost,
			`up, since ${at(20)} (30 s)`,
		],
		['up, where no time is kept', { stateChangedAt: at(7) }, lost, `up, since ${at(7)} (1 min 23 s)`],
		['up, where neither is kept', { state: 'Disconnected', stateChangedAt: at(70) }, lost, 'up'],
		['degraded', partly, lost, `degraded, since ${at(80)} (10 s)`],
		['degraded, until all was up', partly, { ...allUp, ...over }, `degraded, since ${at(80)} (5 s)`],
		[
			'degraded, where no time is kept',
			{ ...partly, degradedSince: undefined, stateChangedAt: at(7) },
			lost,
			`degraded, since ${at(7)} (1 min 23 s)`,
		],
		['degraded, which it has not been for some checks', { ...partly, state: 'Disconnected' }, lost, 'degraded'],
		['down, and until when', { notified: 'down' }, { ...allUp, ...over }, `down, from ${at(10)} to ${at(80)}, 1 min 10 s`],
		['down, until a part was up', { notified: 'down' }, { ...partly, ...over }, `down, from ${at(10)} to ${at(80)}, 1 min 10 s`],
		['down, where no outage is kept', { notified: 'down', stateChangedAt: at(7) }, allUp, `down, since ${at(7)}`],
		[
			'in a state that nothing was told of',
			{ notified: 'none', state: 'Pending', stateChangedAt: at(7) },
			{ state: 'Error', stateChangedAt: at(67) },
			`Pending, since ${at(7)} (1 min)`,
		],
	];
	it.each(since)('says since when it was %s', (_what, current, next, was) => {
		expect(lineOf('Was:', alertOf(current, next))).toBe(`Was:     ${was}`);
	});

	it('says since when it was flapping', () => {
		expect(lineOf('Was:', alertOf({ flappingSince: at(3) }, allUp, { flap: 'settles' }))).toBe(
			`Was:     flapping, since ${at(3)}`,
		);
	});

	it.each([
		['down', { notified: 'down', state: 'Disconnected', outage: { from: at(40) } }, `down, since ${at(40)}`],
		[
			'down, where no outage is kept',
			{ notified: 'down', state: 'Disconnected', stateChangedAt: at(41) },
			`down, since ${at(41)}`,
		],
		['degraded', { notified: 'degraded', state: 'Connected', degradedSince: at(50) }, `degraded, since ${at(50)}`],
		['in error', { notified: 'down', state: 'Error', stateChangedAt: at(60) }, `error, since ${at(60)}`],
		['up', { notified: 'up', state: 'Connected', lastUp: { from: at(70) } }, `up, since ${at(70)}`],
		['up, where no time is kept', { notified: 'up', state: 'Connected' }, `up, since ${now.toISOString()}`],
	] as const)('says since when it is %s, although it is told of it later', (_, next, is) => {
		expect(lineOf('Is:', alertOf({}, next))).toBe(`Is:      ${is}`);
	});

	it.each([
		['down', { notified: 'down', state: 'Disconnected', outage: { from: at(40) } }, `down, since ${at(40)}`],
		['degraded', { notified: 'degraded', state: 'Connected', degradedSince: at(50) }, `degraded, since ${at(50)}`],
		['up', { notified: 'up', state: 'Connected', lastUp: { from: at(70) } }, `up, since ${at(70)}`],
	] as const)('says since when it is %s, as it has settled', (_, next, is) => {
		expect(lineOf('Is:', alertOf({}, next, { flap: 'settles' }))).toBe(`Is:      ${is}`);
	});

	it.each([
		['is down', { notified: 'down', state: 'Disconnected' }, 'none'],
		['has settled and is down', { notified: 'down', state: 'Disconnected' }, 'settles'],
		['has an error', { notified: 'down', state: 'Error', stateChangedAt: at(60) }, 'none'],
	] as const)('tells of the change before an outage that lasts, of one that %s', (_, next, flap) => {
		const after = { at: at(5), who: 'jo', what: 'changed something' };
		const alert = alertOf({}, { ...next, outage: { from: at(10), after } }, { flap });

		expect(lineOf('Change:', alert)).toBe(`Change:  jo changed something, at ${at(5)}`);
		expect(lineOf('Down:', alert)).toBe(next.state === 'Error' ? `Down:    since ${at(10)}` : undefined);
	});
});
