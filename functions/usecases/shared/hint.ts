import type { Ports } from '../../ports.ts';

/** Losing a hint only costs time: what is to be done is in the tables, where the tick finds it. */
export const hintReconcile = async (
	{ queues, log }: Pick<Ports, 'queues' | 'log'>,
	vpcId: string,
	{ ifBehind = false } = {},
): Promise<void> => {
	try {
		await queues.reconcile(vpcId, ifBehind ? { ifBehind } : {});
	} catch (error) {
		log.warn('reconcile not hinted', { vpcId, error: error instanceof Error ? error.name : 'unknown' });
	}
};
