import type { AlertText } from './alert-text.ts';

/** SNS takes 256 kB a message; a mail of more than this nobody reads. */
const mostAlerts = 50;
const mostNamed = 3;

/** What one account is owed at one time, as one message: SNS cuts off an address past 10 mails a second. */
export const alertDigest = (alerts: readonly [AlertText, ...AlertText[]]): AlertText => {
	const [first] = alerts;
	if (alerts.length === 1) return first;
	const left = alerts.length - mostAlerts;
	const subjects = alerts.slice(0, mostNamed).map(({ subject }) => subject.slice(0, 30).trim());
	return {
		subject: `${alerts.length} VPN alerts`,
		email: [
			`${alerts.length} things have changed:`,
			...alerts.slice(0, mostAlerts).map(({ subject }) => `- ${subject}`),
			...(left > 0
				? [`- and ${left} more: GET /v1/vpn-connections lists them all, ?state=Disconnected those that are down`]
				: []),
			'',
			alerts
				.slice(0, mostAlerts)
				.map(({ email }) => email)
				.join('\n----\n\n'),
		].join('\n'),
		sms: `${alerts.length} VPN alerts: ${subjects.join('; ')}`.slice(0, 139),
	};
};
