/** `ifBehind`: nothing is pushed where the router has all that it should have; `routes`: only the route tables are looked at. */
export type ReconcileMessage = { vpcId: string; ifBehind?: boolean; routes?: boolean };
/**
 * `again`: a check of the same tick has failed before. `routes`: the minute out of five whose VPCs also have their route tables looked
 * at, or all of them.
 */
export type CheckMessage = { vpcIds: string[]; tickAt: string; again?: boolean; routes?: number | 'all' };
export type AlertMessage = { accountId: string };
export type Delayed<Message> = { message: Message; delaySeconds?: number };

/** If some messages are not taken, the others are sent nevertheless before it throws. */
export type Queues = {
	reconcile(messages: readonly Delayed<ReconcileMessage>[]): Promise<void>;
	check(messages: readonly Delayed<CheckMessage>[]): Promise<void>;
	alert(messages: readonly Delayed<AlertMessage>[]): Promise<void>;
};
