import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertDigest } from '../../../functions/domain/alerts/alert-digest.ts';
import { type AlertText, alertText, durationText, routerAlertText } from '../../../functions/domain/alerts/alert-text.ts';
import { reasons } from '../../../functions/domain/model/reasons.ts';
import { anyReasons, anyText } from '../../support/arbitraries.ts';
import { aConnection, aCustomerGateway, aVpc, later } from '../../support/builders.ts';

const base = {
	connection: aConnection(),
	customerGateway: aCustomerGateway(),
	vpc: aVpc(),
	from: 'up',
	to: 'down' as const,
	now: later(60),
};

const fits = ({ subject, sms, email }: AlertText): void => {
	expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);

	expect(sms).toMatch(/^[A-Za-z0-9 @$_!"#%&'()*+,./:;<=>?-]{1,139}$/);

	expect(email).not.toContain('undefined');
};

describe('an alert', () => {
	it('says what happened, where, why and what to do', () => {
		const text = alertText({
			...base,
			since: later(0).toISOString(),
			reason: 'psk-mismatch',
			candidates: ['peer-unreachable'],
			docsBaseUrl: 'https://docs.example/troubleshooting',
		});

		expect(text).toEqual({
			subject: 'VPN Branch office is down: psk-mismatch (vpnc-00000000000000001)',
			email: [
				'The VPN connection Branch office (vpnc-00000000000000001) is down.',
				'',
				'Was:     up, since 2026-01-02T03:04:05.000Z',
				'Is:      down, since 2026-01-02T03:05:05.000Z',
				'Router:  i-0123456789abcdef0 of vpc-00000000000000001 (Head office)',
				'Peer:    192.0.2.2 (cgw-00000000000000001)',
				'Subnets: 10.2.0.0/24, 10.2.1.0/24',
				'',
				'Why: the pre-shared keys differ (psk-mismatch).',
				'     Or: the peer does not answer IKE (peer-unreachable).',
				'What to do: set the same pre-shared key on both sides.',
				'',
				'https://docs.example/troubleshooting#psk-mismatch',
				'',
			].join('\n'),
			sms: 'VPN Branch office is down: psk-mismatch. vpnc-00000000000000001, peer 192.0.2.2',
		});
	});

	it('says how long the outage was when the connection is up again', () => {
		const outage = { from: later(-7_265).toISOString(), to: later(60).toISOString() };
		const text = alertText({ ...base, from: 'down', to: 'up', outage });

		expect(text.email).toContain(`Was:     down, from ${outage.from} to ${outage.to}, 2 h 2 min\n`);

		expect(text.sms).toContain('is up again after 2 h 2 min');

		expect(text.email).not.toContain('Why');
	});

	it('fits a subject line and one SMS, whatever names and reasons there are', () => {
		const name = anyText({ minLength: 1, maxLength: 255 });
		fc.assert(
			fc.property(
				name,
				name,
				anyReasons,
				fc.constantFrom('up', 'degraded', 'down', 'error'),
				(peer, vpc, [reason, ...candidates], to) => {
					const customerGateway = aCustomerGateway({ name: peer });
					const text = alertText({
						...base,
						customerGateway,
						vpc: aVpc({ name: vpc }),
						to,
						reason,
						candidates,
						since: later(0).toISOString(),
					});
					fits({ ...text, email: '' });

					expect(text.email.split('\n')[1]).toBe('');
				},
			),
		);
	});

	it('about a silent router says that its tunnels may be up', () => {
		const silence = { code: 'not-managed', detail: '' } as const;
		const silent = routerAlertText({ vpc: aVpc(), to: 'silent', since: later(-90).toISOString(), now: later(0), silence });
		fits(silent);

		expect(silent.email).toContain('may well be up');

		expect(silent.email).toContain('Systems Manager refuses to run commands on it');

		const back = routerAlertText({ vpc: aVpc(), to: 'answering', since: later(-90).toISOString(), now: later(0) });
		fits(back);

		expect(back.sms).toContain('was silent 1 min 30 s');
	});

	it('becomes one message with the others that the account is owed', () => {
		const one = alertText({ ...base, reason: 'dpd-timeout' });

		expect(alertDigest([one])).toBe(one);

		const many = alertDigest([one, ...Array.from({ length: 99 }, () => one)]);
		fits(many);

		expect(many.subject).toBe('100 VPN alerts');

		expect(many.email).toContain('and 50 more');

		// As the adapter sends it, each name as long as it may be and escaped by JSON.
		const long = { ...one, email: '"'.repeat(4_000) };
		const { email } = alertDigest([long, ...Array.from({ length: 99 }, () => long)]);
		expect(JSON.stringify({ default: email, email }).length).toBeLessThan(262_144 - 10_000);
		expect(email).toContain(long.email);
	});

	it('gives durations in their two largest units', () => {
		expect([0, 59, 60, 3_600, 3_725, 90_061].map(durationText)).toEqual(['0 s', '59 s', '1 min', '1 h', '1 h 2 min', '1 d 1 h']);
	});
});

describe('reasons', () => {
	it('each have a meaning and a remedy without a full stop, which texts add', () => {
		for (const { meaning, remedy } of Object.values(reasons)) expect(`${meaning}${remedy}`).not.toMatch(/[.\n]$/);
	});
});
