import type { Ports } from '../../ports.ts';

/** Losing a hint is harmless: the event owes the alert, and the tick hints again while it is unpaid. */
export const hintAlert = async ({ queues, log }: Pick<Ports, 'queues' | 'log'>, accountId: string): Promise<void> => {
	try {
		await queues.alert(accountId);
	} catch (error) {
		log.warn('alert not hinted', { accountId, error: error instanceof Error ? error.name : 'unknown' });
	}
};
