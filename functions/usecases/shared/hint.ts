import type { Ports, ReconcileMessage } from '../../ports.ts';

type Hinting = Pick<Ports, 'queues' | 'log'>;

/** Losing a hint only costs time: what is to be done is in the tables, where the tick finds it. */
export const hintReconciles = async (
	{ queues, log }: Hinting,
	vpcIds: readonly string[],
	how: Omit<ReconcileMessage, 'vpcId'> = {},
): Promise<void> => {
	if (vpcIds.length === 0) return;
	try {
		await queues.reconcile(vpcIds.map((vpcId) => ({ message: { vpcId, ...how } })));
	} catch (error) {
		log.warn('reconcile not hinted', { vpcIds: vpcIds.slice(0, 20), hints: vpcIds.length, error: String(error) });
	}
};

export const hintReconcile = (ports: Hinting, vpcId: string): Promise<void> => hintReconciles(ports, [vpcId]);

/** Has the route tables of these VPCs looked at, and nothing pushed. */
export const hintRoutes = (ports: Hinting, vpcIds: readonly string[]): Promise<void> =>
	hintReconciles(ports, vpcIds, { routes: true });
