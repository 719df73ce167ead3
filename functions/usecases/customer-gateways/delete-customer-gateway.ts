import type { Ports } from '../../ports.ts';
import { countOne } from '../shared/account-quota.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { removeKey } from '../shared/key-of-account.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { nameKey } from '../shared/name-key.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Request = { caller: Caller; id: string; ifMatch?: string };

/** The PSK is deleted after its row; an intent lets the tick finish the job after a crash in between, or where Parameter Store is throttled. */
export const deleteCustomerGateway = async (ports: Ports, { caller, id, ifMatch }: Request): Promise<void> => {
	const { store, secretIntents, clock, newEventId } = ports;
	const deletable = async () => {
		const row = await loadVisible(store, caller, { table: 'customerGateways', id });
		throwIfStale(row, ifMatch);
		if (row.connectionId !== undefined) {
			const connection = await store.get('connections', row.connectionId);
			const way = connection?.state === 'Deleting' ? ' and is being deleted: try again once it is gone' : ': delete that first';
			throw new ProblemError('in-use', `the connection ${row.connectionId} uses ${id}${way}`);
		}
		return row;
	};
	const { accountId } = await deletable();
	const now = clock();
	// An intent of its own, so that another who makes or deletes it at the same moment does not remove it as finished.
	const intent = { id: newEventId(now), accountId, customerGatewayId: id };
	await secretIntents.put({ ...intent, madeAt: now.toISOString() });
	try {
		await retryOnStaleRead(async () => {
			const row = await deletable();
			await store.transact([
				{ remove: 'customerGateways', current: row },
				{ release: 'customerGateways', key: nameKey(accountId, row.name) },
				countOne('customerGateways', accountId, -1),
			]);
		});
	} catch (error) {
		if (error instanceof ProblemError) await secretIntents.remove(intent.id);
		throw error;
	}
	await removeKey(ports, intent);
};
