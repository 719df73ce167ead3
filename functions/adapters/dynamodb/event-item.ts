import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Event } from '../../domain/model/event.ts';
import { shardOf } from '../../domain/monitoring/due.ts';
import type { Item } from './items.ts';

/** `owedShard` is there only while an alert is owed: the index of what is owed holds nothing else. */
export const eventItem = (event: Event): Item => {
	const owed = event.alert !== undefined && event.alert.paidAt === undefined;
	return marshall({ ...event, ...(owed ? { owedShard: shardOf(event.accountId) } : {}) }, { removeUndefinedValues: true });
};

export const eventOfItem = (item: Item): Event => Event.parse(unmarshall(item));
