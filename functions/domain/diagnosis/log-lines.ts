import * as z from 'zod';
import { probeMark } from './probe.ts';

/** A line of a router's log; `at` is absent where its time cannot be read. */
export const LogLine = z.object({ at: z.string().optional(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Of syslog and of pluto's own file, such as `Nov 24 03:33:48.225532: `. */
const syslog = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?:? /;
/** Of the journal, such as `2026-11-24T03:33:48+0000 `. */
const iso = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})([+-]\d{2}):?(\d{2}) /;
const dayMs = 86_400_000;

/** What ends a whole answer of a router. */
export const logsEnd = 's2s-logs-end';

/** Syslog tells no year: it is the last that does not lie ahead. A router's clock is taken for UTC. */
const timeOf = (line: string, now: Date): string | undefined => {
	const journal = iso.exec(line);
	if (journal !== null) return new Date(`${journal[1]}${journal[2]}:${journal[3]}`).toISOString();
	const [, month = '', day, hours, minutes, seconds, fraction = ''] = syslog.exec(line) ?? [];
	if (!months.includes(month)) return undefined;
	const at = (year: number) =>
		Date.UTC(
			year,
			months.indexOf(month),
			Number(day),
			Number(hours),
			Number(minutes),
			Number(seconds),
			Number(fraction.padEnd(3, '0').slice(0, 3)),
		);
	const year = now.getUTCFullYear();
	return new Date(at(year) > now.getTime() + dayMs ? at(year - 1) : at(year)).toISOString();
};

/** A router's answer as lines in the order of their time, those from `since` on; undefined where it is not whole. */
export const logLines = (text: string, { now, since }: { now: Date; since?: string }): LogLine[] | undefined => {
	const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(probeMark));
	if (lines.at(-1) !== logsEnd) return undefined;
	let last: string | undefined;
	const timed = lines.slice(0, -1).map((text) => {
		// A line that tells no time goes on from the one before.
		last = timeOf(text, now) ?? last;
		return { at: last, text };
	});
	return timed
		.filter(({ at }) => since === undefined || at === undefined || Date.parse(at) >= Date.parse(since))
		.sort((a, b) => Date.parse(a.at ?? now.toISOString()) - Date.parse(b.at ?? now.toISOString()));
};
