import * as z from 'zod';
import { maskKeys } from '../model/mask-keys.ts';
import { printed } from '../model/text.ts';
import { probeMark } from './probe.ts';

/** A line of a router's log; `at` is absent where its time cannot be read. */
export const LogLine = z.object({ at: z.string().optional(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Of syslog and of pluto's own file, such as `Nov 24 03:33:48.225532: `. */
const syslog = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?:? /;
/** Of the journal and of a newer syslog, such as `2026-11-24T03:33:48+0000 ` or `2026-11-24T03:33:48.225532Z `. */
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2})) /;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** As long as our own script on the router leaves a line. */
const mostCharacters = 500;
/** Half a key, where a line is cut, would not be known as one. */
const mostRead = 4 * mostCharacters;

/** What ends a whole answer of a router. */
export const logsEnd = 's2s-logs-end';

type Clock = { year: number; month: number; day: number; hours: string; minutes: string; seconds: string; fraction: string };

/** The time that a clock in UTC shows so; undefined where no clock does, such as on the 31st of November. */
const timeAt = ({ year, month, day, hours, minutes, seconds, fraction }: Clock): number | undefined => {
	const ms = fraction.padEnd(3, '0').slice(0, 3);
	const at = Date.UTC(year, month, day, Number(hours), Number(minutes), Number(seconds), Number(ms));
	const shown = new Date(at);
	const isShown =
		shown.getUTCMonth() === month &&
		shown.getUTCDate() === day &&
		Number(hours) < 24 &&
		Number(minutes) < 60 &&
		Number(seconds) < 60;
	return isShown ? at : undefined;
};

const rfc3339Time = (line: string): number | undefined => {
	const parts = rfc3339.exec(line);
	if (parts === null) return undefined;
	const [, year, month, day, hours = '', minutes = '', seconds = '', fraction = '', sign, ahead = 0, aheadMinutes = 0] = parts;
	const at = timeAt({ year: Number(year), month: Number(month) - 1, day: Number(day), hours, minutes, seconds, fraction });
	const offset = (Number(ahead) * 60 + Number(aheadMinutes)) * minuteMs;
	return at === undefined ? undefined : at - (sign === '-' ? -offset : offset);
};

/** Syslog tells no year: it is the last that does not lie ahead. A router's clock is taken for UTC. */
const syslogTime = (line: string, now: Date): number | undefined => {
	const [, month = '', day, hours = '', minutes = '', seconds = '', fraction = ''] = syslog.exec(line) ?? [];
	if (!months.includes(month)) return undefined;
	const year = now.getUTCFullYear();
	return [year + 1, year, year - 1]
		.map((one) => timeAt({ year: one, month: months.indexOf(month), day: Number(day), hours, minutes, seconds, fraction }))
		.find((at) => at !== undefined && at <= now.getTime() + dayMs);
};

/**
 * A router's answer as lines in the order of their time, those from `since` on; undefined where it is not whole. A line that tells no
 * time, as none of Openswan's own file does, stays behind the one that it came after.
 */
export const logLines = (text: string, { now, since }: { now: Date; since?: string }): LogLine[] | undefined => {
	const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(probeMark));
	if (lines.at(-1) !== logsEnd) return undefined;
	const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
	let place: number | undefined;
	return lines
		.slice(0, -1)
		.map((line) => {
			const text = maskKeys(printed(line.slice(0, mostRead))).slice(0, mostCharacters);
			const time = rfc3339Time(text) ?? syslogTime(text, now);
			place = time ?? place;
			return { time, text, place };
		})
		.filter(({ time }) => time === undefined || time >= from)
		.sort((a, b) => compare(a.place, b.place))
		.map(({ time, text }) => (time === undefined ? { text } : { at: new Date(time).toISOString(), text }));
};

/** What has no time before it stays at the beginning. */
const compare = (a: number | undefined, b: number | undefined): number =>
	a === b ? 0 : (a ?? Number.NEGATIVE_INFINITY) < (b ?? Number.NEGATIVE_INFINITY) ? -1 : 1;
