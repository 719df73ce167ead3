import { createHash } from 'node:crypto';
import { alertDigest, untexted } from '../../domain/alerts/alert-digest.ts';
import {
	messagesAnHour,
	secondsBetweenMany,
	secondsBetweenMessages,
	textedADay,
	textedADayOfOne,
} from '../../domain/alerts/alert-pace.ts';
import type { AlertText } from '../../domain/alerts/alert-text.ts';
import { nextMessage, type Owing } from '../../domain/alerts/next-message.ts';
import type { Ports } from '../../ports.ts';

/** Longer than a publish may take, shorter than the queue's visibility timeout: after a crash the next message takes over. */
const heldMs = 45_000;
/** An SNS message holds 256 kB with its attributes. */
const mostIdsNamed = 50;

/**
 * Sends all alerts that an account is owed as one message, and marks them as paid once SNS has accepted it. Waits while more are
 * coming in, another message has just gone out, or many have within the hour. A message that SNS may have accepted before a crash is sent again unchanged,
 * under the same id. Throws what SNS throws: the queue then redelivers the hint, and at last moves it to the dead-letter queue.
 */
export const sendAlerts = async (ports: Ports, accountId: string): Promise<void> => {
	const { events, alerts, turns, queues, clock, log, metrics } = ports;
	const now = clock();
	const owed = (await events.owed(accountId)).filter((event): event is Owing => event.alert !== undefined);
	const next = nextMessage(owed, now);
	// Held alerts have a sender, whose hint is redelivered if it fails: another hint here would never end.
	if (next === 'nothing') return;
	// One hint comes back for all that meet here: those of each check would otherwise come back for ever beside those of the next.
	const again = async () => {
		if (await turns.take(`alert-again#${accountId}`, now, secondsBetweenMessages - 1))
			await queues.alert([{ message: { accountId }, delaySeconds: secondsBetweenMessages }]);
	};
	if (next === 'gathering' || !(await turns.take(`alert#${accountId}`, now, secondsBetweenMessages))) return again();

	const { parts, tried } = next;
	// One that was tried before was counted then. What has to wait is hinted again by the tick, for as long as it is owed.
	if (tried === undefined && !(await isWithinPace(ports, accountId, now))) return;
	const { messageId: alertId, texted } = tried ?? {
		messageId: nameOf(parts),
		texted: await isTexted(ports, accountId, { parts, now }),
	};
	const until = new Date(now.getTime() + heldMs).toISOString();
	if (!(await events.claim(parts, { messageId: alertId, texted, now: now.toISOString(), until }))) return again();
	const [first, ...others] = parts;
	const text = textOf(alertDigest([first.alert, ...others.map(({ alert }) => alert)]));
	await alerts.publish({ alertId, accountId, ...(texted ? text : untexted(text)), texted });
	await events.pay(parts, clock().toISOString());
	metrics.count('AlertsSent', parts.length);
	log.info('alerts sent', { accountId, alertId, count: parts.length });
	if (parts.length < owed.length) await again();
};

const hourMs = 3_600_000;

const isWithinPace = async ({ turns }: Ports, accountId: string, now: Date): Promise<boolean> => {
	const hour = Math.floor(now.getTime() / hourMs);
	if (await turns.spend(`messages#${accountId}#${hour}`, messagesAnHour, new Date((hour + 1) * hourMs))) return true;
	return turns.take(`messages#${accountId}`, now, secondsBetweenMany);
};

const dayMs = 86_400_000;

const isTexted = async (
	{ turns }: Ports,
	accountId: string,
	{ parts, now }: { parts: readonly Owing[]; now: Date },
): Promise<boolean> => {
	const day = Math.floor(now.getTime() / dayMs);
	const spend = (of: string, most: number) => turns.spend(`${of}#${day}`, most, new Date((day + 1) * dayMs));
	for (const id of new Set(parts.map(({ subject }) => subject.id)))
		if (await spend(`texted-of-one#${id}`, textedADayOfOne)) return spend(`texted#${accountId}`, textedADay);
	return false;
};

/** A message's id is made from those of its alerts. */
const nameOf = (parts: readonly Owing[]): string => {
	const ids = parts.map(({ alert }) => alert.alertId).sort();
	return ids.length <= mostIdsNamed
		? ids.join(',')
		: `${ids.length}-${createHash('sha256').update(ids.join()).digest('hex').slice(0, 32)}`;
};

const textOf = ({ subject, email, sms }: AlertText): AlertText => ({ subject, email, sms });
