import type { Lab } from '../lab/lab.ts';
import { type RouterDriver, RouterOffline } from './driver.ts';

/** The router of the lab: a real daemon on a real kernel. */
export const labDriver = (lab: Lab): RouterDriver => ({
	async run(program, timeoutMs) {
		try {
			return await lab.exec('router', ['sh', '-s'], { stdin: program, timeoutMs });
		} catch (error) {
			// A program that fails has a code: this is the agent's own absence.
			throw new RouterOffline(error instanceof Error ? error.message : String(error));
		}
	},
	stop: async () => {},
});
