import type { Ports } from '../../ports.ts';

type Hinting = Pick<Ports, 'queues' | 'log'>;

/** Losing a hint is harmless: the event owes the alert, and the tick hints again while it is unpaid. */
export const hintAlerts = async ({ queues, log }: Hinting, accountIds: readonly string[]): Promise<void> => {
	if (accountIds.length === 0) return;
	try {
		await queues.alert(accountIds.map((accountId) => ({ message: { accountId } })));
	} catch (error) {
		log.warn('alert not hinted', { accountIds: accountIds.slice(0, 20), hints: accountIds.length, error: String(error) });
	}
};

export const hintAlert = (ports: Hinting, accountId: string): Promise<void> => hintAlerts(ports, [accountId]);
