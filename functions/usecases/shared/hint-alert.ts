import type { Ports } from '../../ports.ts';

/** The alert is owed by its event; the tick hints again what stays unpaid. */
export const hintAlert = async ({ queues, log }: Pick<Ports, 'queues' | 'log'>, accountId: string): Promise<void> => {
	try {
		await queues.alert(accountId);
	} catch (error) {
		log.warn('alert not hinted', { accountId, error: error instanceof Error ? error.name : 'unknown' });
	}
};
