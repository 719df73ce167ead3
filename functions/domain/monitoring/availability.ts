import * as z from 'zod';
import { Instant } from '../model/entity.ts';
import { type Event, eventDaysKept } from '../model/event.ts';
import { Outage, secondsOf } from '../model/outage.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { type OutageMemory, outageAfter } from './outages.ts';

/** A connection's month. It is down in its outages and up while it is Connected; all other time is neither. */
export const Availability = z.object({
	connectionId: z.string(),
	from: Instant,
	to: Instant,
	/** Of the month. */
	upSeconds: z.number(),
	downSeconds: z.number(),
	/** Absent if it was neither up nor down all month. */
	uptimePercent: z.number().optional(),
	/** The last hundred, each whole: one may have begun before the month, or end after it. */
	outages: z.array(Outage.pick({ from: true, to: true }).extend({ seconds: z.number(), reason: z.string().optional() })),
	outageCount: z.int(),
	longestOutageSeconds: z.number(),
});
export type Availability = z.infer<typeof Availability>;

type Change = Pick<Event, 'at' | 'from' | 'to' | 'why' | 'outage'>;
type Window = {
	connection: Pick<VpnConnection, 'id' | 'state' | 'stateChangedAt' | 'stateReason' | 'outage'>;
	from: Date;
	to: Date;
	now: Date;
};
type Span = { begin: number; end: number };

const mostOutages = 100;

/**
 * Takes the changes of state, oldest first, from the last before the window that says how it begins. If that one has expired, the
 * first that is kept says so, or the connection itself if it has not changed since.
 */
export const availabilityOf = (kept: readonly Change[], { connection, from, to, now }: Window): Availability => {
	const changes = kept.length > 0 ? kept : [changeOf(connection)];
	const before = beforeFirst(changes, now);
	const inWindow = ({ begin, end }: Span) => Math.max(0, Math.min(end, to.getTime()) - Math.max(begin, from.getTime()));
	const lengthOf = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + inWindow(span), 0);
	const outages = outagesIn(changes, before)
		.map((outage) => ({ ...outage, begin: Date.parse(outage.from), end: Date.parse(outage.to ?? now.toISOString()) }))
		.filter((span) => inWindow(span) > 0)
		.map((span) => ({ ...span, seconds: secondsOf({ from: span.from, to: span.to ?? now.toISOString() }) }));
	const up = lengthOf(upSpans(changes, { before, now }));
	const down = lengthOf(outages);
	return {
		connectionId: connection.id,
		from: from.toISOString(),
		to: to.toISOString(),
		upSeconds: Math.round(up / 1_000),
		downSeconds: Math.round(down / 1_000),
		...(up + down > 0 ? { uptimePercent: Math.round((up / (up + down)) * 100_000) / 1_000 } : {}),
		outages: outages.slice(-mostOutages).map((outage) => ({
			from: outage.from,
			...(outage.to === undefined ? {} : { to: outage.to }),
			seconds: outage.seconds,
			...(outage.reason === undefined ? {} : { reason: outage.reason }),
		})),
		outageCount: outages.length,
		longestOutageSeconds: outages.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
	};
};

const changeOf = ({ state, stateChangedAt, stateReason, outage }: Window['connection']): Change => ({
	at: stateChangedAt,
	to: state,
	why: stateReason?.code,
	outage,
});

/** What the first change knows of the time before it, which reaches back as far as events are kept. */
const beforeFirst = ([first]: readonly Change[], now: Date): OutageMemory => {
	const reach = Math.min(now.getTime() - eventDaysKept * 86_400_000, Date.parse(first?.at ?? now.toISOString()));
	const outage = first?.outage && { from: first.outage.from };
	return { state: first?.from, stateChangedAt: new Date(reach).toISOString(), outage };
};

const outagesIn = (changes: readonly Change[], before: OutageMemory): (Outage & { reason?: string })[] => {
	const found = new Map<string, Outage & { reason?: string }>();
	let memory = before;
	for (const { at, to = '', why } of changes) {
		memory = { ...memory, ...outageAfter(memory, { to, at }), state: to, stateChangedAt: at };
		const { outage } = memory;
		if (outage === undefined) continue;
		const reason = found.get(outage.from)?.reason ?? (outage.to === undefined && to !== 'Pending' ? why : undefined);
		found.set(outage.from, { ...outage, reason });
	}
	return [...found.values()];
};

const upSpans = (changes: readonly Change[], { before, now }: { before: OutageMemory; now: Date }): Span[] =>
	[{ at: before.stateChangedAt, to: before.state }, ...changes].flatMap(({ at, to }, index) => {
		const end = changes[index]?.at ?? now.toISOString();
		return to === 'Connected' ? [{ begin: Date.parse(at), end: Date.parse(end) }] : [];
	});
