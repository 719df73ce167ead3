import * as z from 'zod';
import { Instant } from './entity.ts';

/** Who changed something and when; `what` goes on from `who`, as in "reset the connection". */
export const Change = z.object({ at: Instant, who: z.string(), what: z.string() });
export type Change = z.infer<typeof Change>;

/** From when no pair was up until one was up again. */
export const Outage = z.object({
	from: Instant,
	/** Absent while it lasts. */
	to: Instant.optional(),
	/** The last change before it. */
	after: Change.optional(),
	/** How the service itself took a change back meanwhile. */
	rollback: Change.optional(),
});
export type Outage = z.infer<typeof Outage>;

/** The seconds of a span, as they are shown and told everywhere. */
export const secondsOf = ({ from, to }: { from: string; to: string }): number =>
	Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
