import * as z from 'zod';
import { Instant } from '../model/entity.ts';
import { type Event, eventDaysKept } from '../model/event.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** A connection's month. Time in Pending or Deleting counts as neither up nor down. */
export const Availability = z.object({
	connectionId: z.string(),
	from: Instant,
	to: Instant,
	upSeconds: z.number(),
	downSeconds: z.number(),
	/** Absent if it was neither up nor down all month. */
	uptimePercent: z.number().optional(),
	/** The last hundred. */
	outages: z.array(z.object({ from: Instant, to: Instant.optional(), seconds: z.number(), reason: z.string().optional() })),
	outageCount: z.int(),
	longestOutageSeconds: z.number(),
});
export type Availability = z.infer<typeof Availability>;

type Change = Pick<Event, 'at' | 'from' | 'to' | 'why'>;
type Window = {
	connection: Pick<VpnConnection, 'id' | 'state' | 'stateChangedAt' | 'stateReason'>;
	from: Date;
	to: Date;
	now: Date;
};

const downStates = ['Disconnected', 'Error'];
const mostOutages = 100;

/**
 * Takes the changes of state, oldest first, including the last one before the window, which says how the window began. If that
 * one has expired, the first that is kept says so, or the connection itself if it has not changed since.
 */
export const availabilityOf = (kept: readonly Change[], { connection, from, to, now }: Window): Availability => {
	const changes = withBeginning(kept, connection, now);
	const spans = changes.flatMap(({ at, to: state, why }, index) => {
		const next = changes[index + 1];
		const begin = Math.max(Date.parse(at), from.getTime());
		const end = Math.min(next === undefined ? to.getTime() : Date.parse(next.at), to.getTime());
		return end > begin ? [{ begin, end, state: state ?? '', why, open: next === undefined }] : [];
	});
	const seconds = (ms: number) => Math.round(ms / 1_000);
	const lengthOf = (states: readonly string[]) =>
		spans.filter(({ state }) => states.includes(state)).reduce((sum, { begin, end }) => sum + end - begin, 0);
	const up = lengthOf(['Connected']);
	const down = lengthOf(downStates);
	const outages: { begin: number; end: number; why?: string; open: boolean }[] = [];
	for (const { begin, end, state, why, open } of spans) {
		if (!downStates.includes(state)) continue;
		const before = outages.at(-1);
		// A move from Disconnected to Error belongs to the same outage.
		if (before !== undefined && before.end === begin) Object.assign(before, { end, open });
		else outages.push({ begin, end, open, ...(why === undefined ? {} : { why }) });
	}
	return {
		connectionId: connection.id,
		from: from.toISOString(),
		to: to.toISOString(),
		upSeconds: seconds(up),
		downSeconds: seconds(down),
		...(up + down > 0 ? { uptimePercent: Math.round((up / (up + down)) * 100_000) / 1_000 } : {}),
		outages: outages.slice(-mostOutages).map(({ begin, end, why, open }) => ({
			from: new Date(begin).toISOString(),
			...(open ? {} : { to: new Date(end).toISOString() }),
			seconds: seconds(end - begin),
			...(why === undefined ? {} : { reason: why }),
		})),
		outageCount: outages.length,
		longestOutageSeconds: seconds(outages.reduce((longest, { begin, end }) => Math.max(longest, end - begin), 0)),
	};
};

const withBeginning = (
	kept: readonly Change[],
	{ state, stateChangedAt, stateReason }: Window['connection'],
	now: Date,
): readonly Change[] => {
	const [first] = kept;
	if (first === undefined) return [{ at: stateChangedAt, to: state, why: stateReason?.code }];
	if (first.from === undefined) return kept;
	const reach = now.getTime() - eventDaysKept * 86_400_000;
	return [{ at: new Date(Math.min(reach, Date.parse(first.at))).toISOString(), to: first.from }, ...kept];
};
