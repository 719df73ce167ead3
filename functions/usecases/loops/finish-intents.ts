import type { Ports } from '../../ports.ts';
import { removeKey } from '../shared/key-of-account.ts';

/** No request takes this long: older intents were left by a crash. */
const abandonedAfterMs = 5 * 60 * 1_000;

/** Deletes PSKs whose customer gateway was never created, or is gone. */
export const finishIntents = async (ports: Ports): Promise<void> => {
	const { store, secretIntents, clock, log } = ports;
	const before = new Date(clock().getTime() - abandonedAfterMs).toISOString();
	for (const intent of await secretIntents.madeBefore(before)) {
		const { id, customerGatewayId } = intent;
		if ((await store.get('customerGateways', customerGatewayId)) !== undefined) await secretIntents.remove(id);
		// The others wait as well: the next tick has a minute of its own.
		else if ((await removeKey(ports, intent)) === 'busy') return;
		else log.info('secret of no customer gateway deleted', { customerGatewayId });
	}
};
