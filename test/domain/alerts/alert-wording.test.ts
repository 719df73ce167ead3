import { describe, expect, it } from 'vitest';
import { alertDigest } from '../../../functions/domain/alerts/alert-digest.ts';
import {
	type AlertState,
	type AlertText,
	alertText,
	durationText,
	routerAlertText,
} from '../../../functions/domain/alerts/alert-text.ts';
import { Silence } from '../../../functions/domain/model/router-answer.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later, start } from '../../support/builders.ts';
import { goldenPage } from '../../support/golden-page.ts';

const id = idOf('vpnc', 1);
const vpcId = idOf('vpc', 1);
const at = (second: number) => later(second).toISOString();
const base = {
	connection: aConnection(),
	customerGateway: aCustomerGateway({ remoteCidrs: ['10.2.0.0/24'] }),
	vpc: aVpc(),
	from: 'up',
	to: 'down' as const,
	now: later(60),
};
const outage = { from: at(-30), to: at(60) };
const after = { at: at(-30), who: 'jo', what: 'changed the pre-shared key of the customer gateway Branch\noffice' };
const rollback = { at: at(20), who: 'check', what: 'went back to version 1 of the pre-shared key' };
const alertOf = (over: Partial<Parameters<typeof alertText>[0]>) => alertText({ ...base, ...over });
const silent = { vpc: aVpc(), to: 'silent' as const, since: at(-90), now: start };

/** Made while a test runs, so that a mutant of what makes them is that test's. */
const connections = (): [what: string, alert: AlertText][] => [
	['a loss of which nothing is known', alertOf({ customerGateway: undefined, vpc: aVpc({ name: vpcId }) })],
	['a loss since when, with where to read on', alertOf({ since: at(-30), docsBaseUrl: 'https://docs.example/reasons' })],
	[
		'a loss with its reason, what else it may be, and its detail on one line',
		alertOf({
			reason: 'dpd-timeout',
			detail: 'seen\nat noon',
			candidates: ['psk-mismatch', 'dpd-timeout', 'peer-unreachable'],
			docsBaseUrl: 'https://docs.example/reasons',
		}),
	],
	[
		'a recovery, with how long the outage lasted and no reason',
		alertOf({ from: 'down', to: 'up', outage, docsBaseUrl: 'https://docs.example/reasons' }),
	],
	['a recovery from nobody knows when', alertOf({ from: 'down', to: 'up' })],
	['a recovery of a part', alertOf({ from: 'down', to: 'degraded', outage, began: at(50) })],
	['a loss after a change', alertOf({ since: at(-7_200), until: at(-30), began: at(-30), outage: { from: at(-30), after } })],
	['a recovery from a change that was taken back', alertOf({ from: 'down', to: 'up', outage: { ...outage, after, rollback } })],
	['an error in an outage', alertOf({ to: 'error', began: at(40), outage: { from: at(-30) } })],
	...(['degraded', 'error'] as const).map((to): [string, AlertText] => [to, alertOf({ to, reason: 'one-way' })]),
	[
		'a host that does not answer',
		alertOf({ to: 'degraded', reason: 'no-reply-through-tunnel', detail: `10.2.0.10 has answered no ping since ${at(0)}` }),
	],
	...(['flapping', 'settled-up', 'settled-degraded', 'settled-down'] as const satisfies AlertState[]).map(
		(to): [string, AlertText] => [
			to,
			alertOf({ to, since: at(-30), docsBaseUrl: 'https://docs.example/reasons', reason: 'dpd-timeout' }),
		],
	),
	['a peer without an address', alertOf({ customerGateway: aCustomerGateway({ gateway: 'any', remoteId: 'branch.example' }) })],
	['a peer that nothing is known of', alertOf({ customerGateway: aCustomerGateway({ gateway: 'any' }) })],
];
const routers = (): [what: string, alert: AlertText][] => [
	['a router that is silent, nobody knows why', routerAlertText(silent)],
	...Silence.shape.code.options.map((code): [string, AlertText] => [
		`a router that is silent: ${code}`,
		routerAlertText({ ...silent, silence: { code, detail: 'as it said' }, docsBaseUrl: 'https://docs.example/reasons' }),
	]),
	[
		'a router that answers again',
		routerAlertText({
			...silent,
			vpc: aVpc({ slots: { ...aVpc().slots, [idOf('vpnc', 2)]: aVpc().slots[id] as never } }),
			to: 'answering',
			docsBaseUrl: 'https://docs.example/reasons',
		}),
	],
];
const pageOf = (alerts: readonly [string, AlertText][]) =>
	goldenPage(alerts.map(([what, { subject, email, sms }]) => [what, `${subject}\n\n${email}\n${sms}\n`]));

describe('the texts of alerts', () => {
	it('about connections are as on the golden page', async () => {
		await expect(pageOf(connections())).toMatchFileSnapshot('../../golden/alerts-of-connections.txt');
	});

	it('about routers are as on the golden page', async () => {
		await expect(pageOf(routers())).toMatchFileSnapshot('../../golden/alerts-of-routers.txt');
	});
});

describe('a mail', () => {
	it('leaves a detail out that only repeats the reason', () => {
		const short = alertOf({ reason: 'dpd-timeout' });
		const [, meaning = ''] = /^Why: (.*) \(dpd-timeout\)\.$/m.exec(short.email) ?? [];

		expect(alertOf({ reason: 'dpd-timeout', detail: `${meaning}, again` })).toEqual(short);
		expect(alertOf({ reason: 'dpd-timeout', detail: `again, ${meaning}` })).not.toEqual(short);
	});

	it('says how long an outage lasted, and of a loss not how long it was up', () => {
		expect(alertOf({ from: 'down', to: 'up', outage }).email).toContain('1 min 30 s');
		expect(alertOf({ from: 'down', to: 'up', outage }).sms).toContain('after 1 min 30 s');
		expect(alertOf({ from: 'degraded', to: 'up', since: at(-30), until: at(60) }).sms).not.toContain('after');
		expect(alertOf({ outage: { from: at(-30) } }).email).not.toContain('1 min 30 s');
	});

	it('ends in one line break, each line of it without a space at its end', () => {
		for (const [, { email }] of [...connections(), ...routers()]) expect(email).toMatch(/^(.*\S|)(\n.*\S|\n)*\S\n$/);
	});

	it('has names on one line, without what no mail shows, and the id for one that is empty then', () => {
		const named = (name: string) => alertOf({ customerGateway: aCustomerGateway({ name }), vpc: aVpc({ name }) }).email;

		expect(named(' Zürich\r\n\tWest ')).toContain(` Zürich West (${id}) `);
		expect(named(' Zürich\r\n\tWest ')).toContain(`${vpcId} (Zürich West)\n`);
		expect(named('\u0000\n')).toContain(` ${id} (${id}) `);
	});
});

describe('a subject and an SMS', () => {
	const named = (name: string) => alertOf({ customerGateway: aCustomerGateway({ name }) });

	it('have a question mark for each letter that not every device shows', () => {
		expect(named('Zürich ~ 日本').subject).toContain('VPN Z?rich ? ?? is down');
	});

	it('have one space where there were more', () => {
		expect(named('a   b').subject).toContain('VPN a b is down');
	});

	it('cut a name where it is too long: the subject at 40, the SMS at 30 characters', () => {
		expect(named('n'.repeat(40)).subject).toContain(`VPN ${'n'.repeat(40)} is down`);
		expect(named('n'.repeat(41)).subject).toContain(`VPN ${'n'.repeat(37)}... is down`);
		expect(named('n'.repeat(30)).sms).toContain(`VPN ${'n'.repeat(30)} is down`);
		expect(named('n'.repeat(31)).sms).toContain(`VPN ${'n'.repeat(27)}... is down`);
	});

	it('are not cut where they just fit, and end in three dots where they do not', () => {
		const withPeer = (length: number) => alertOf({ customerGateway: aCustomerGateway({ gateway: 'g'.repeat(length) }) }).sms;
		const room = 139 - withPeer(0).length - 1;

		expect(withPeer(room)).toMatch(/g{9}$/);
		expect(withPeer(room)).toHaveLength(139);
		expect(withPeer(room + 1)).toMatch(/g\.\.\.$/);
		expect(withPeer(room + 1)).toHaveLength(139);
	});
});

describe('a digest', () => {
	const alert = (n: number, text = `mail ${n}\n`): AlertText => ({
		subject: `VPN office ${n} is down`,
		email: text,
		sms: `${n}`,
	});
	const digest = (count: number, text?: string) => {
		const [first = alert(0), ...others] = Array.from({ length: count }, (_, n) => alert(n + 1, text));
		return alertDigest([first, ...others]);
	};

	it('is as on the golden page: all subjects, then all mails, and three named in the SMS', async () => {
		const digests = [2, 4, 51].map((count): [string, AlertText] => [`${count} at once`, digest(count)]);

		await expect(pageOf(digests)).toMatchFileSnapshot('../../golden/alert-digests.txt');
	});

	it('lists fifty, and says how many more there are', () => {
		expect(digest(50).email).not.toContain('more:');
		expect(digest(51).email).toContain('\n- VPN office 50 is down\n- and 1 more:');
		expect(digest(51).email).not.toMatch(/office 51|mail 51/);
	});

	it('has no mail more than fit into one message, counted in bytes', () => {
		const mails = (text: string) =>
			digest(3, text)
				.email.split('\n----\n')
				.filter((mail) => !mail.includes('left out')).length;
		const leftOut = (text: string) => /The texts of \d+ more/.exec(digest(3, text).email)?.[0];

		expect(mails('m'.repeat(20_000))).toBe(2);
		expect(mails('m'.repeat(20_001))).toBe(1);
		expect(mails('ü'.repeat(10_000))).toBe(2);
		expect(mails('ü'.repeat(10_001))).toBe(1);
		expect(leftOut('m'.repeat(20_001))).toBe('The texts of 2 more');
		expect(leftOut('m')).toBeUndefined();
	});

	it('cuts each subject in the SMS at 30 characters', () => {
		const long = { ...alert(1), subject: `${'s'.repeat(29)} and more` };

		expect(alertDigest([long, long]).sms).toBe(`2 VPN alerts: ${'s'.repeat(29)}; ${'s'.repeat(29)}`);
	});

	it('fits one SMS with the longest subjects, and as many alerts as are ever owed', () => {
		const long = { ...alert(1), subject: 's'.repeat(99) };

		expect(alertDigest([long, ...Array.from({ length: 4_999 }, () => long)]).sms.length).toBeLessThanOrEqual(139);
	});
});

describe('a duration', () => {
	it.each([
		[-5, '0 s'],
		[0.4, '0 s'],
		[0.5, '1 s'],
		[60, '1 min'],
		[61, '1 min 1 s'],
		[3_601, '1 h'],
		[3_661, '1 h 1 min'],
		[86_399, '23 h 59 min'],
		[86_400, '1 d'],
		[86_460, '1 d'],
		[90_000, '1 d 1 h'],
		[172_800 + 7_200, '2 d 2 h'],
	])('of %d s is %s', (seconds, text) => {
		expect(durationText(seconds)).toBe(text);
	});
});
