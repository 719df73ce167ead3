import { describe, expect, it } from 'vitest';
import { sentInALine } from '../../local/sns/sent-in-a-line.ts';

describe('what was sent, in a line of the platform', () => {
	const at = '2026-11-27T22:29:48.061Z';

	it.each([
		[
			'an alert by its subject',
			{ subject: 'VPN office is down: dpd-timeout', message: 'The VPN …\n', attributes: { alertId: 'a' } },
			'ALERT  VPN office is down: dpd-timeout',
		],
		[
			'what asks for a confirmation, which is no alert',
			{ subject: 'AWS Notification - Subscription Confirmation', message: 'Confirm …', attributes: {} },
			'SENT  AWS Notification - Subscription Confirmation',
		],
		[
			'a text message, which has no subject, by its first line',
			{ subject: '', message: '942623 is the code that subscribes you.\nMore', attributes: {} },
			'SENT  942623 is the code that subscribes you.',
		],
	])('is %s', (_, sent, line) => {
		expect(sentInALine({ at, deliveries: [], ...sent })).toBe(`${at}  ${line}`);
	});
});
