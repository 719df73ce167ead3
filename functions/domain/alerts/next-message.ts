import type { Event } from '../model/event.ts';
import { isGathering } from './alert-pace.ts';

export type Owing = Event & { alert: NonNullable<Event['alert']> };
/** The first part is the leader: it is held last and paid last, so that a message whose leader is held was held completely. */
export type Message = {
	parts: readonly [Owing, ...Owing[]];
	/** Set if it was tried before. */
	tried?: { messageId: string; texted: boolean };
};

/**
 * The message to send next of all that an account is owed. One that was tried before is sent again unchanged; everything else
 * becomes one new message. The one that has waited longest since its last attempt goes first, so that a message that SNS rejects
 * does not block the others for ever. Alerts that another sender holds are left to it.
 */
export const nextMessage = (owed: readonly Owing[], now: Date): Message | 'gathering' | 'nothing' => {
	const sealed = new Map(owed.flatMap(({ alert }) => (alert.leads === true ? [[alert.messageId, [] as Owing[]]] : [])));
	const loose: Owing[] = [];
	for (const event of owed) (sealed.get(event.alert.messageId) ?? loose).push(event);

	const again = [...sealed.values()].filter((parts) => !parts.some((part) => isHeld(part, now)));
	const fresh = loose.filter((event) => !isHeld(event, now));
	const waits = isGathering(
		fresh.map(({ alert }) => alert.owedAt),
		now,
	);
	const [first] = [...again, ...(waits || fresh.length === 0 ? [] : [fresh])].sort((a, b) => waitsSince(a) - waitsSince(b));
	const [leader, ...others] = leaderFirst(first ?? []);
	if (leader === undefined) return waits ? 'gathering' : 'nothing';
	const { messageId, texted = true } = leader.alert;
	return { parts: [leader, ...others], ...(first === fresh || messageId === undefined ? {} : { tried: { messageId, texted } }) };
};

const isHeld = ({ alert: { heldUntil } }: Owing, now: Date): boolean =>
	heldUntil !== undefined && Date.parse(heldUntil) >= now.getTime();

const waitsSince = (parts: readonly Owing[]): number =>
	Math.min(...parts.map(({ alert: { triedAt, owedAt } }) => Date.parse(triedAt ?? owedAt)));

const leaderFirst = (parts: readonly Owing[]): readonly Owing[] => [
	...parts.filter(({ alert }) => alert.leads === true),
	...parts.filter(({ alert }) => alert.leads !== true),
];
