import { connectionEvent } from '../../domain/model/event-of.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { changedBy } from '../shared/new-entity.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

const mostDays = 90;

type Request = { caller: Caller; id: string; until: string | undefined; ifMatch?: string };

/** A window without alerts, for example for maintenance. Whatever is still so when it ends is alerted then. No `until` ends it now. */
export const muteConnection = (ports: Ports, { caller, id, until, ifMatch }: Request): Promise<VpnConnection> =>
	retryOnStaleRead(async () => {
		const { store, clock, newEventId } = ports;
		const now = clock();
		const current = await loadVisible(store, caller, { table: 'connections', id });
		throwIfStale(current, ifMatch);
		if (until !== undefined) {
			const ahead = Date.parse(until) - now.getTime();
			const detail = ahead <= 0 ? 'must be in the future' : `must be within ${mostDays} days`;
			if (ahead <= 0 || ahead > mostDays * 86_400_000) {
				throw new ProblemError('invalid-request', `until ${detail}`, [{ pointer: '/until', detail }]);
			}
		}
		if (current.mutedUntil === until) return current;
		const next = changedBy(current, { mutedUntil: until }, now);
		const event = connectionEvent(current, {
			who: caller.who,
			kind: 'mute',
			from: current.mutedUntil,
			to: until,
			why: until === undefined ? 'unmuted' : 'muted',
			now,
		});
		await store.transact([{ put: 'connections', next, current }, record(event, newEventId)]);
		return next;
	});
