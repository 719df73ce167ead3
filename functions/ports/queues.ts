/** `again`: a check of the same tick has failed before. */
export type CheckMessage = { vpcIds: string[]; tickAt: string; again?: boolean };
export type Queues = {
	/** `ifBehind`: nothing is pushed where the router has all that it should have. */
	reconcile(vpcId: string, options?: { delaySeconds?: number; ifBehind?: boolean }): Promise<void>;
	check(messages: readonly { message: CheckMessage; delaySeconds: number }[]): Promise<void>;
	alert(accountId: string, delaySeconds?: number): Promise<void>;
};
