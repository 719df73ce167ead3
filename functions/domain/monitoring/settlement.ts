import type { DesiredRouter } from '../model/desired-router.ts';
import type { RouterReport } from '../model/report.ts';
import type { RouterAnswer } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { unknownRouter } from '../rules/router-capabilities.ts';

export type Settlement = {
	/** The rows as they are now, possibly newer than what was pushed. */
	desired: DesiredRouter;
	refused: readonly { connectionId: string; reason: StateReason }[];
	answer: RouterAnswer;
	/**
	 * The generation that was pushed, and the `desiredRevision` at that time of each connection of the router, including those left
	 * out of the bundle; by default those of `desired`. After a first portion, only those of its `rest`.
	 */
	pushed: { generation: number; revisions?: Readonly<Record<string, number>> };
	now: Date;
	docsBaseUrl?: string;
	/** The version of the scripts that an apply installs. */
	routerScripts?: string;
};

/** The outcome for one connection: gone if `next` is undefined, unchanged if it is `current`. */
export type Outcome = { current: VpnConnection; next: VpnConnection | undefined; again?: boolean };

/** What the router holds according to its report: the pushed generation, part of it (`drift`), or something else. */
export type Held = 'pushed' | 'drift' | undefined;

/** Rendered for the wrong family: what the router made of it says nothing about the connections. */
export const isMisrendered = ({ flavor }: RouterReport, { router }: Vpc): boolean => flavor !== (router ?? unknownRouter).flavor;
