import { checkRouters } from '../../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../../functions/usecases/loops/reconcile-router.ts';
import { createVpc } from '../../../functions/usecases/vpcs/create-vpc.ts';
import type { MemoryPorts } from '../memory-ports.ts';
import { aTenant } from '../tenant.ts';

/** A tenant with a tunnel and an office that is not used yet, and another tenant who has only a VPC. */
export const aWorld = async (): Promise<MemoryPorts> => {
	const t = await aTenant();
	await t.connect(2);
	await t.customerGateway(3);
	await createVpc(t.memory.ports, {
		id: 'vpc-0000beef',
		accountId: 'globex',
		cidr: '10.9.0.0/16',
		routerInstanceId: 'i-0000000000000beef',
		publicIps: [{ ip: '192.0.2.9', sourceNat: true }],
	});
	await t.reconcile();
	await t.check();
	return t.memory;
};

/** All that is kept, but what is known of requests that carried a key. */
export const stateOf = ({ seen }: MemoryPorts): string =>
	JSON.stringify([
		Object.entries(seen.kept.rows).map(([table, rows]) => [table, [...rows]]),
		[...seen.kept.markers],
		seen.kept.events,
		[...seen.kept.usage],
		[...seen.secrets.keys()],
		[...seen.intents],
		seen.subscribed,
		seen.topic,
	]);

export const runLoops = async ({ ports, seen }: MemoryPorts): Promise<void> => {
	for (const vpcId of new Set(seen.reconciles.splice(0))) await reconcileRouter(ports, { vpcId, owner: 'one' });
	await checkRouters(ports, { vpcIds: [...seen.kept.rows.vpcs.keys()], tickAt: ports.clock().toISOString() });
};
