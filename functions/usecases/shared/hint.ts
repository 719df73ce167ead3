import type { Ports } from '../../ports.ts';

/** A hint only makes things sooner: what it asks for is in the tables, where the tick finds it if the queue would not take it. */
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
