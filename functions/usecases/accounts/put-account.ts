import type { Account, PutAccount } from '../../domain/model/account.ts';
import type { Ports } from '../../ports.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { changedBy, newEntity } from '../shared/new-entity.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

/** Creates the account's row, or changes the given fields. An account without a row is enabled. */
export const putAccount = (
	{ store, clock }: Ports,
	id: string,
	{ ifMatch, ...input }: PutAccount & { ifMatch?: string },
): Promise<Account> =>
	retryOnStaleRead(async () => {
		const now = clock();
		const current = await store.get('accounts', id);
		throwIfStale(current ?? { version: 0 }, ifMatch);
		const next: Account =
			current === undefined
				? {
						id,
						...newEntity(id, now),
						name: input.name ?? id,
						vpnEnabled: input.vpnEnabled ?? true,
						cryptoFloor: input.cryptoFloor,
					}
				: changedBy(current, input, now);
		await store.transact([{ put: 'accounts', next, current }]);
		return next;
	});
