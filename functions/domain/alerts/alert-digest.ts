import { textedADay, textedADayOfOne } from './alert-pace.ts';
import type { AlertText } from './alert-text.ts';

/** Nobody reads a longer mail. */
const mostAlerts = 50;
/** An SNS message may have 256 kB; it holds the mail's text twice (also as the default), and JSON escapes may double that. */
const mostTextBytes = 40_000;
const mostNamed = 3;

/** All alerts that an account is owed, as one message: SNS cuts off an address beyond 10 mails a second. */
export const alertDigest = (alerts: readonly [AlertText, ...AlertText[]]): AlertText => {
	const [first] = alerts;
	if (alerts.length === 1) return first;
	const left = alerts.length - mostAlerts;
	const subjects = alerts.slice(0, mostNamed).map(({ subject }) => subject.slice(0, 30).trim());
	return {
		subject: `${alerts.length} VPN alerts`,
		email: [
			`${alerts.length} changes:`,
			...alerts.slice(0, mostAlerts).map(({ subject }) => `- ${subject}`),
			...(left > 0
				? [`- and ${left} more: GET /v1/vpn-connections lists all connections, ?state=Disconnected those that are down`]
				: []),
			'',
			textsThatFit(alerts.slice(0, mostAlerts)).join('\n----\n\n'),
		].join('\n'),
		sms: `${alerts.length} VPN alerts: ${subjects.join('; ')}`,
	};
};

/** The same for e-mail alone. */
export const untexted = (text: AlertText): AlertText => ({
	...text,
	email: `${text.email}\nNo text message was sent of this: in a day (UTC) ${textedADayOfOne} are of each connection or router, and ${textedADay} in all.\n`,
});

const textsThatFit = (alerts: readonly AlertText[]): string[] => {
	const encoder = new TextEncoder();
	let bytes = 0;
	const texts = alerts.flatMap(({ email }) => {
		bytes += encoder.encode(email).length;
		return bytes > mostTextBytes ? [] : [email];
	});
	const left = alerts.length - texts.length;
	return left === 0
		? texts
		: [...texts, `The texts of ${left} more of these changes are left out: the message would be too long.\n`];
};
