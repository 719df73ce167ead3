/** `ifBehind`: nothing is pushed where the router has all that it should have. */
export type ReconcileMessage = { vpcId: string; ifBehind?: boolean };
/** `again`: a check of the same tick has failed before. */
export type CheckMessage = { vpcIds: string[]; tickAt: string; again?: boolean };
export type AlertMessage = { accountId: string };
export type Delayed<Message> = { message: Message; delaySeconds?: number };

/** If some messages are not taken, the others are sent nevertheless before it throws. */
export type Queues = {
	reconcile(messages: readonly Delayed<ReconcileMessage>[]): Promise<void>;
	check(messages: readonly Delayed<CheckMessage>[]): Promise<void>;
	alert(messages: readonly Delayed<AlertMessage>[]): Promise<void>;
};
