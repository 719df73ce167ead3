import { setTimeout as pause } from 'node:timers/promises';
import { StaleRead } from '../ports.ts';

/** A VPC's row has at most forty connections, and as many changes at once as there are to win. */
const attempts = 60;
const longestPauseMs = 200;

/**
 * Reads, decides and writes; does all of it again where what it read had changed meanwhile. Each loss is another's win, so it
 * ends; the pauses grow with the losses, so that many at once do not go on meeting each other.
 */
export const decidedAnew = async <T>(decide: () => Promise<T>): Promise<T> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await decide();
		} catch (error) {
			if (!(error instanceof StaleRead) || attempt >= attempts) throw error;
			await pause(Math.random() * Math.min(longestPauseMs, 2 ** attempt));
		}
	}
};
