import { createHash } from 'node:crypto';
import { alertDigest } from '../domain/alert-digest.ts';
import { isGathering, secondsBetweenMessages } from '../domain/alert-pace.ts';
import type { AlertText } from '../domain/alert-text.ts';
import type { Event } from '../domain/event.ts';
import type { Ports } from '../ports.ts';

/** Longer than a publish may take, shorter than the queue's visibility timeout: a crash is made good by the next message. */
const heldMs = 45_000;
/** An SNS message holds 256 kB with its attributes. */
const mostIdsNamed = 50;

type Owing = Event & { alert: NonNullable<Event['alert']> };

/**
 * Sends what an account is owed as one message, and marks it paid once SNS has taken it. While more is coming, or another
 * message went out just now, it waits.
 */
export const sendAlerts = async (ports: Ports, accountId: string): Promise<void> => {
	const { events, alerts, control, queues, clock, log, metrics } = ports;
	const now = clock();
	const owed = (await events.owed(accountId)).filter((event): event is Owing => event.alert !== undefined);
	if (owed.length === 0) return;
	const owedAt = owed.map(({ alert }) => alert.owedAt);
	if (isGathering(owedAt, now) || !(await control.takeTurn(`alert#${accountId}`, now, secondsBetweenMessages))) {
		await queues.alert(accountId, secondsBetweenMessages);
		return;
	}
	const until = new Date(now.getTime() + heldMs).toISOString();
	const claimed = (await events.claim(owed, now.toISOString(), until)) as Owing[];
	const [first, ...others] = claimed.map(({ alert }): AlertText => alert);
	if (first === undefined) return;
	const alertId = joined(claimed.map(({ alert }) => alert.alertId).sort());
	await alerts.publish({ alertId, accountId, ...textOf(alertDigest([first, ...others])) });
	await events.pay(claimed, clock().toISOString());
	metrics.count('AlertsSent', claimed.length);
	log.info('alerts sent', { accountId, alertId, count: claimed.length });
};

/** The same for the same alerts, so that a repeat can be told as one. */
const joined = (ids: readonly string[]): string =>
	ids.length <= mostIdsNamed
		? ids.join(',')
		: `${ids.length}-${createHash('sha256').update(ids.join()).digest('hex').slice(0, 32)}`;

const textOf = ({ subject, email, sms }: AlertText): AlertText => ({ subject, email, sms });
