import type { EventDraft } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import type { Vpc } from '../model/vpc.ts';
import { monitoringOf } from './health.ts';

type Change = {
	who: string;
	/** What was done to the networks, such as `the network app was deleted`. */
	what: string;
	now: Date;
};

/** What the connections of a VPC are to be told where a change of its networks ends their checks, or begins them. */
export const checksSwitched = (current: Vpc, next: Vpc, { who, what, now }: Change): EventDraft[] => {
	const [before, after] = [monitoringOf(current).active, monitoringOf(next).active];
	if (before === after) return [];
	const detail = after
		? `its checks begin: ${what}`
		: `its checks stop, and its state stays as it is: ${what}, and ${next.id} has no other that is implemented`;
	return Object.keys(next.slots).map((id) =>
		connectionEvent(
			{ id, accountId: next.accountId, vpcId: next.id },
			{
				who,
				kind: 'checks',
				from: before ? 'active' : 'inactive',
				to: after ? 'active' : 'inactive',
				why: after ? 'network-implemented' : 'no-implemented-network',
				detail,
				now,
			},
		),
	);
};
