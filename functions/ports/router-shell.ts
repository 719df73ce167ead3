import type { RouterAnswer, Silence } from '../domain/model/router-answer.ts';

/** Systems Manager Run Command on the routers. Never throws for what a router or a limit does. */
export type RouterShell = {
	/** `force`: also where the router has stored a higher generation. */
	apply(instanceId: string, bundle: { revision: string; text: string; force?: boolean }): Promise<RouterAnswer>;
	/**
	 * One answer per router, for at most 50 routers, by the deadline (milliseconds from now). `answered` is called as soon as an
	 * answer is there, so that a slow router does not delay the others.
	 */
	check(
		instanceIds: readonly string[],
		deadlineMs: number,
		answered?: (instanceId: string, answer: RouterAnswer) => void,
	): Promise<Map<string, RouterAnswer>>;
	/** The last log lines about one connection; with `probe`, first what the router saw in a probe of a few seconds. */
	logs(
		instanceId: string,
		of: { connectionId: string; limit: number; probe: boolean },
		deadlineMs: number,
	): Promise<{ text: string } | { silence: Silence }>;
	/** What the router reads of itself, whether or not anything of ours is on it; `key`: the parameter that it tries to read. */
	inspect(instanceId: string, of: { key: string }, deadlineMs: number): Promise<{ text: string } | { silence: Silence }>;
};
