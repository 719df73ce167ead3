import type { Lab } from '../lab/lab.ts';
import type { RouterDriver } from './driver.ts';

/** The router of the lab: a real daemon on a real kernel. */
export const labDriver = (lab: Lab): RouterDriver => ({
	run: (program, timeoutMs) => lab.exec('router', ['sh', '-s'], { stdin: program, timeoutMs }),
	stop: async () => {},
});
