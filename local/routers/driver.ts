export type RouterRun = { code: number; stdout: string; stderr: string };

/** How a program reaches a router: it is for `sh` on standard input. */
export type RouterDriver = {
	/** Ends with code 124 where the program was still at it after its time. Throws RouterOffline where nobody answers. */
	run(program: string, timeoutMs: number): Promise<RouterRun>;
	stop(): Promise<void>;
};

/** The instance does not answer, as one whose agent is gone. */
export class RouterOffline extends Error {}
