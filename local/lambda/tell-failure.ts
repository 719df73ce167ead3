import { FunctionStopped } from './local-function.ts';

/** Says that an invocation failed, whose answer nobody waits for or may see. One that the platform's own end cut off is no failure. */
export const tellFailure = (name: string, error: unknown): void => {
	if (error instanceof FunctionStopped) return;
	console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
};
