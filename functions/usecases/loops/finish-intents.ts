import type { Ports } from '../../ports.ts';

/** No request takes this long: older intents were left by a crash. */
const abandonedAfterMs = 5 * 60 * 1_000;

/** Deletes PSKs whose customer gateway was never created, or is gone. */
export const finishIntents = async ({ store, secrets, secretIntents, clock, log }: Ports): Promise<void> => {
	const before = new Date(clock().getTime() - abandonedAfterMs).toISOString();
	for (const { id, accountId, customerGatewayId } of await secretIntents.madeBefore(before)) {
		if ((await store.get('customerGateways', customerGatewayId)) === undefined) {
			await secrets.delete(accountId, customerGatewayId);
			log.info('secret of no customer gateway deleted', { customerGatewayId });
		}
		await secretIntents.remove(id);
	}
};
