import type { RouterReport } from '../model/report.ts';
import type { Silence } from '../model/router-answer.ts';

/**
 * A router whose scripts are missing, were changed, or are of another version than the document `apply` has now: an apply renews them
 * and touches no tunnel. The scripts of the version before say nothing of themselves, as long as their own check document runs them.
 */
export const hasOtherScripts = ({ scripts }: Pick<RouterReport, 'scripts'>, wanted: string | undefined): boolean =>
	scripts === 'none' || (scripts !== undefined && wanted !== undefined && scripts !== wanted);

/** Without scripts a router can say nothing about its tunnels, which is not that they are down. */
export const withoutScripts: Silence = {
	code: 'unreadable',
	detail: 'our scripts are missing on it, or broken; the next apply installs them',
};
