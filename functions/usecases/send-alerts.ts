import { alertDigest } from '../domain/alert-digest.ts';
import type { AlertText } from '../domain/alert-text.ts';
import type { Event } from '../domain/event.ts';
import type { Ports } from '../ports.ts';

/** Longer than a publish may take, shorter than the queue's visibility timeout: a crash is made good by the next message. */
const heldMs = 45_000;

type Owing = Event & { alert: NonNullable<Event['alert']> };

/** Sends what an account is owed as one message, and marks it paid once SNS has taken it. */
export const sendAlerts = async (ports: Ports, accountId: string): Promise<void> => {
	const { events, alerts, clock, log } = ports;
	const now = clock();
	const owed = await events.owed(accountId);
	const until = new Date(now.getTime() + heldMs).toISOString();
	const claimed = (await events.claim(owed, now.toISOString(), until)).filter(
		(event): event is Owing => event.alert !== undefined,
	);
	const [first, ...others] = claimed.map(({ alert }): AlertText => alert);
	if (first === undefined) return;
	const ids = claimed.map(({ alert }) => alert.alertId).sort();
	await alerts.publish({ alertId: ids.join(','), accountId, ...textOf(alertDigest([first, ...others])) });
	await Promise.all(claimed.map((event) => events.pay(event, clock().toISOString())));
	log.info('alerts sent', { accountId, alertIds: ids });
};

const textOf = ({ subject, email, sms }: AlertText): AlertText => ({ subject, email, sms });
