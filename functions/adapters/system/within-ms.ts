import { runInNewContext } from 'node:vm';
import type { WithinMs } from '../../ports.ts';

/** Of the script's own realm, whose `Error` is not ours. */
const isTimeout = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** V8 can end what runs in it only from outside, and has it ended for scripts alone: this one does nothing but call. */
export const withinMs: WithinMs = (ms, run) => {
	try {
		return runInNewContext('run()', { run }, { timeout: ms });
	} catch (error) {
		if (isTimeout(error)) return undefined;
		throw error;
	}
};
