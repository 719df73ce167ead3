import { describe, expect, it } from 'vitest';
import { connectionAlert, isMuted, owedAlert } from '../../../functions/domain/alerts/owed-alert.ts';
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
		['settled and down', { state: 'Disconnected', notified: 'down' }, 'settles', 'has settled and is down'],
	];
	it.each(words)('says %s', (_what, next, flap, headline) => {
		expect(alertOf({}, next, { flap })?.email).toMatch(
			new RegExp(`^The VPN connection Branch office \\(${idOf('vpnc', 1)}\\) ${headline}\\.\n`),
		);
	});

	const since: [string, Partial<VpnConnection>, string][] = [
		[
			'up',
			{ notified: 'up', state: 'Connected', stateChangedAt: at(7), downSince: at(1), degradedSince: at(2) },
			`up, since ${at(7)}`,
		],
		['up, which it has not been for some checks', { notified: 'up', state: 'Disconnected', stateChangedAt: at(7) }, 'up'],
		[
			'degraded',
			{ notified: 'degraded', state: 'Connected', stateChangedAt: at(7), downSince: at(1), degradedSince: at(2) },
			`degraded, since ${at(2)}`,
		],
		[
			'degraded, where no time is kept',
			{ notified: 'degraded', state: 'Connected', stateChangedAt: at(7) },
			`degraded, since ${at(7)}`,
		],
		['down', { notified: 'down', stateChangedAt: at(7), downSince: at(1), degradedSince: at(2) }, `down, since ${at(1)}`],
		['down, where no time is kept', { notified: 'down', stateChangedAt: at(7), degradedSince: at(2) }, `down, since ${at(7)}`],
		[
			'in a state that nothing was told of',
			{ notified: 'none', state: 'Pending', stateChangedAt: at(7) },
			`Pending, since ${at(7)}`,
		],
	];
	it.each(since)('says since when it was %s', (_what, current, was) => {
		expect(lineOf('Was:', alertOf(current, {}))).toBe(`Was:     ${was}`);
	});

	it.each([
		['down', { notified: 'down', state: 'Disconnected', downSince: at(40) }, `down, since ${at(40)}`],
		['degraded', { notified: 'degraded', state: 'Connected', degradedSince: at(50) }, `degraded, since ${at(50)}`],
		['in error', { notified: 'down', state: 'Error', stateChangedAt: at(60) }, `error, since ${at(60)}`],
		['up', { notified: 'up', state: 'Connected', stateChangedAt: at(70) }, `up, since ${now.toISOString()}`],
	] as const)('says since when it is %s, although it is told of it later', (_, next, is) => {
		expect(lineOf('Is:', alertOf({}, next))).toBe(`Is:      ${is}`);
	});
});
