import { Event } from '../../domain/model/event.ts';
import { shardOf } from '../../domain/monitoring/due.ts';
import type { Item } from './items.ts';

/** The key of the table, `connectionId`, has the subject's id, whose prefix says what it is. `owedShard` is there only while an alert is owed: the index of what is owed holds nothing else. */
export const eventItem = ({ subject, ...event }: Event): Item => {
	const owed = event.alert !== undefined && event.alert.paidAt === undefined;
	return { connectionId: subject.id, ...event, ...(owed ? { owedShard: shardOf(event.accountId) } : {}) };
};

export const eventOfItem = ({ connectionId, ...event }: Item): Event => {
	const id = String(connectionId);
	return Event.parse({ ...event, subject: { kind: id.startsWith('vpc-') ? 'router' : 'connection', id } });
};
