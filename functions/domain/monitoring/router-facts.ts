import type { RouterReport } from '../model/report.ts';
import type { RouterFacts } from '../model/vpc.ts';

/** The router's facts from its report, or `facts` if nothing differs. A daemon that is down cannot report its capabilities. */
export const nextRouterFacts = (facts: RouterFacts | undefined, report: RouterReport, now: Date): RouterFacts => {
	const { flavor, version, boot } = report;
	const sameDaemon = facts !== undefined && facts.flavor === flavor && facts.version === version;
	const capabilities = sameDaemon && report.capabilities.length === 0 ? facts.capabilities : report.capabilities;
	if (sameDaemon && facts.boot === boot && facts.capabilities.join() === capabilities.join()) return facts;
	return { flavor, version, boot, capabilities, reportedAt: now.toISOString() };
};
