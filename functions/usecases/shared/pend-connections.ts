import { connectionEvent } from '../../domain/model/event-of.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { outageOfEvent } from '../../domain/monitoring/outages.ts';
import { canMove, toPending } from '../../domain/monitoring/transitions.ts';
import type { Ports, Write } from '../../ports.ts';
import { record } from './record.ts';

type Cause = {
	who: string;
	why: string;
	/** What was changed, after "changed"; a reset changes nothing. */
	changed?: string;
	detail?: string;
	now: Date;
};

/** Moves one connection to Pending with a new revision, and records it. */
export const pend = (
	current: VpnConnection,
	{ who, why, changed, detail, now }: Cause,
	newEventId: Ports['newEventId'],
): Write[] => {
	const change = { at: now.toISOString(), who, what: changed === undefined ? 'reset the connection' : `changed ${changed}` };
	const next = {
		...toPending(current, { now, who: 'user', change }),
		...(changed === undefined ? {} : { lastChange: change }),
		version: current.version + 1,
	};
	const event = connectionEvent(current, {
		who,
		kind: 'state',
		from: current.state,
		to: 'Pending',
		why,
		detail,
		outage: outageOfEvent(current, next),
		now,
	});
	return [{ put: 'connections', next, current }, record(event, newEventId)];
};

/** All connections of a VPC that may go to Pending. */
export const pendAll = async ({ store, newEventId }: Ports, vpc: Vpc, cause: Cause): Promise<Write[]> => {
	const connections = await store.getMany('connections', Object.keys(vpc.slots));
	return connections
		.filter(({ state }) => canMove(state, 'Pending', 'user'))
		.flatMap((current) => pend(current, cause, newEventId));
};
