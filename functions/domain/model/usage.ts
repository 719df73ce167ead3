import * as z from 'zod';
import { ProbeReading } from './connection-probe.ts';
import { Instant } from './entity.ts';

/** The router's counters when they were last written, and the totals so far. */
export const Counters = z.object({
	/** As reported; they start again at zero if the router lost them. */
	rawIn: z.int().min(0),
	rawOut: z.int().min(0),
	bytesIn: z.int().min(0),
	bytesOut: z.int().min(0),
	/** Of its probe, as of then. */
	reading: ProbeReading.optional(),
	at: Instant,
});
export type Counters = z.infer<typeof Counters>;

export type HourOfUsage = { hour: string; bytesIn: number; bytesOut: number };

/** Counters are written at most this often, and never for idle connections; the first reading of a probe is written at once. */
const quarterMs = 15 * 60 * 1_000;
const hourMs = 3_600_000;

/** For example `2026-11-24T10:00:00.000Z`. */
export const hourOf = (at: number): string => new Date(Math.floor(at / hourMs) * hourMs).toISOString();

/** More than any router carries in a quarter of an hour: a petabyte. */
const mostGrown = 1e15;

/** In a shorter time it is less, so that a sum of such, hour by hour, stays a safe integer however often it is written. */
const mostWithin = (ms: number): number => Math.floor(Math.min(1, Math.max(0, ms) / quarterMs) * mostGrown);
const grown = (raw: number, before: number, most: number): number => Math.min(raw >= before ? raw - before : raw, most);
const summed = (a: number, b: number): number => Math.min(a + b, Number.MAX_SAFE_INTEGER);

type Reading = { bytesIn: number; bytesOut: number; reading?: ProbeReading; now: Date; intervalSeconds: number };

/**
 * The counters to write, and the bytes by the hour in which they were carried; undefined if nothing is due. Bytes of a span that
 * crosses the end of an hour are divided by time. After a longer pause nothing had moved until the previous check, so that all
 * of them are new.
 */
export const usageAfter = (
	current: Counters | undefined,
	{ bytesIn, bytesOut, reading, now, intervalSeconds }: Reading,
): { counters: Counters; hours: HourOfUsage[] } | undefined => {
	const end = now.getTime();
	const last = current === undefined ? Number.NEGATIVE_INFINITY : Date.parse(current.at);
	const most = mostWithin(end - last);
	const newIn = grown(bytesIn, current?.rawIn ?? 0, most);
	const newOut = grown(bytesOut, current?.rawOut ?? 0, most);
	const isFirstReading = reading !== undefined && current?.reading === undefined;
	if (newIn === 0 && newOut === 0 && !isFirstReading && isSameReading(reading, current?.reading)) return undefined;
	if (!isFirstReading && end - last < quarterMs && hourOf(last) === hourOf(end)) return undefined;
	const counters = {
		rawIn: bytesIn,
		rawOut: bytesOut,
		bytesIn: summed(current?.bytesIn ?? 0, newIn),
		bytesOut: summed(current?.bytesOut ?? 0, newOut),
		...(reading === undefined ? {} : { reading }),
		at: now.toISOString(),
	};
	const intervalMs = intervalSeconds * 1_000;
	const begin = end - last > quarterMs + 2 * intervalMs ? end - intervalMs : last;
	return { counters, hours: parted({ begin, end, bytesIn: newIn, bytesOut: newOut }) };
};

const isSameReading = (a: ProbeReading | undefined, b: ProbeReading | undefined): boolean =>
	a?.lossPercent === b?.lossPercent && a?.rttMs === b?.rttMs;

type Span = { begin: number; end: number; bytesIn: number; bytesOut: number };

/** A span is shorter than an hour, so it touches at most two. */
const parted = ({ begin, end, bytesIn, bytesOut }: Span): HourOfUsage[] => {
	const border = Date.parse(hourOf(end));
	if (begin >= border) return carried([{ hour: hourOf(end), bytesIn, bytesOut }]);
	const part = (end - border) / (end - begin);
	const lateIn = Math.round(bytesIn * part);
	const lateOut = Math.round(bytesOut * part);
	return carried([
		{ hour: hourOf(begin), bytesIn: bytesIn - lateIn, bytesOut: bytesOut - lateOut },
		{ hour: hourOf(end), bytesIn: lateIn, bytesOut: lateOut },
	]);
};

const carried = (hours: HourOfUsage[]): HourOfUsage[] => hours.filter((hour) => hour.bytesIn > 0 || hour.bytesOut > 0);
