import type { EventDraft } from '../../domain/model/decision.ts';
import { eventDaysKept } from '../../domain/model/event.ts';
import type { NewEventId, Write } from '../../ports.ts';

/** The event with its ULID and its expiry. */
export const record = (draft: EventDraft, newEventId: NewEventId): Write => {
	const at = new Date(draft.at);
	return { record: { ...draft, id: newEventId(at), expiresAt: Math.floor(at.getTime() / 1000) + eventDaysKept * 86_400 } };
};
