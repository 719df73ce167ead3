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
 * message went out just now, it waits. A message that SNS may have taken before a crash goes again as it was, under its id.
 */
export const sendAlerts = async (ports: Ports, accountId: string): Promise<void> => {
	const { events, alerts, control, queues, clock, log, metrics } = ports;
	const now = clock();
	const owed = (await events.owed(accountId)).filter((event): event is Owing => event.alert !== undefined);
	const [first, ...others] = nextMessage(owed);
	if (first === undefined) return;
	const waits =
		first.alert.messageId === undefined &&
		isGathering(
			[first, ...others].map(({ alert }) => alert.owedAt),
			now,
		);
	const again = () => queues.alert(accountId, secondsBetweenMessages);
	if (waits || !(await control.takeTurn(`alert#${accountId}`, now, secondsBetweenMessages))) return again();

	const parts = [first, ...others];
	const alertId = first.alert.messageId ?? joined(parts.map(({ alert }) => alert.alertId).sort());
	const until = new Date(now.getTime() + heldMs).toISOString();
	if (!(await events.claim(parts, { messageId: alertId, now: now.toISOString(), until }))) return again();
	await alerts.publish({ alertId, accountId, ...textOf(alertDigest([first.alert, ...others.map(({ alert }) => alert)])) });
	await events.pay(parts, clock().toISOString());
	metrics.count('AlertsSent', parts.length);
	log.info('alerts sent', { accountId, alertId, count: parts.length });
	if (parts.length < owed.length) await again();
};

/** What was part of a message before goes first, and alone with the rest of it; else all of it is one. */
const nextMessage = (owed: readonly Owing[]): readonly Owing[] => {
	const messageId = owed.find(({ alert }) => alert.messageId !== undefined)?.alert.messageId;
	return owed.filter(({ alert }) => alert.messageId === messageId);
};

/** A message's id names the alerts in it. */
const joined = (ids: readonly string[]): string =>
	ids.length <= mostIdsNamed
		? ids.join(',')
		: `${ids.length}-${createHash('sha256').update(ids.join()).digest('hex').slice(0, 32)}`;

const textOf = ({ subject, email, sms }: AlertText): AlertText => ({ subject, email, sms });
