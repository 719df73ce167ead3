import type { RouterReport } from './report.ts';

/** Why a router gave no report. None of them says anything about its tunnels. */
export type Silence = {
	code: 'unreachable' | 'undeliverable' | 'terminated' | 'still-running' | 'not-managed' | 'throttled' | 'unreadable';
	detail: string;
};

export type RouterAnswer = { report: RouterReport } | { silence: Silence };
