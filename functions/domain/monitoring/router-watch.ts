import { routerAlertText } from '../alerts/alert-text.ts';
import { owedAlert } from '../alerts/owed-alert.ts';
import { type Decision, type EventDraft, nothing } from '../model/decision.ts';
import type { RouterReport } from '../model/report.ts';
import type { Silence } from '../model/router-answer.ts';
import type { RouterFacts, Vpc } from '../model/vpc.ts';
import { intervalsSince } from './intervals-since.ts';

type Watch = { vpc: Vpc; now: Date; intervalSeconds: number; docsBaseUrl?: string };

/** So many intervals after its first miss the account is told of the router. */
const intervalsUntilTold = 3;

/** No answer: no connection's state changes. The first miss is noted, and after three intervals the router's alert is owed. */
export const routerSilent = ({ vpc, now, intervalSeconds, silence, docsBaseUrl }: Watch & { silence: Silence }): Decision => {
	const at = now.toISOString();
	const noted: Vpc = { ...vpc, silence, updatedAt: at };
	if (vpc.silentSince === undefined) return { ...nothing, vpc: { ...noted, silentSince: at } };
	const silentFor = intervalsSince(vpc.silentSince, { now, intervalSeconds });
	if (vpc.silenceNotified === true || silentFor < intervalsUntilTold)
		return vpc.silence?.code === silence.code ? nothing : { ...nothing, vpc: noted };
	const text = routerAlertText({ vpc, to: 'silent', since: vpc.silentSince, now, silence, docsBaseUrl });
	const event = routerEvent(vpc, { at, to: 'silent', detail: `${silence.code}: ${silence.detail}` });
	return {
		...nothing,
		vpc: { ...noted, silenceNotified: true },
		events: [{ ...event, alert: owedAlert(vpc.id, 'silent', { text, now }) }],
		alerts: true,
	};
};

/** An answer: the silence is over, and who was told of it is told so. What had to wait for it is tried at once. */
export const routerAnswered = ({ vpc, now, docsBaseUrl }: Watch): Decision => {
	if (vpc.silentSince === undefined) return nothing;
	const at = now.toISOString();
	const retry = vpc.retry && { ...vpc.retry, at };
	const answering: Decision = {
		...nothing,
		vpc: { ...vpc, silentSince: undefined, silence: undefined, silenceNotified: undefined, retry, updatedAt: at },
		reconcile: retry !== undefined,
	};
	if (vpc.silenceNotified !== true) return answering;
	const text = routerAlertText({ vpc, to: 'answering', since: vpc.silentSince, now, docsBaseUrl });
	const event = routerEvent(vpc, { at, to: 'answering' });
	return { ...answering, events: [{ ...event, alert: owedAlert(vpc.id, 'answering', { text, now }) }], alerts: true };
};

const routerEvent = (vpc: Vpc, { at, to, detail }: { at: string; to: 'silent' | 'answering'; detail?: string }): EventDraft => ({
	connectionId: vpc.id,
	accountId: vpc.accountId,
	vpcId: vpc.id,
	at,
	who: 'check',
	kind: 'router',
	from: to === 'silent' ? 'answering' : 'silent',
	to,
	detail,
});

/** What the router says of itself, or the facts as they are where nothing differs. A daemon that is down cannot tell what it can do. */
export const nextRouterFacts = (facts: RouterFacts | undefined, report: RouterReport, now: Date): RouterFacts => {
	const { flavor, version, boot } = report;
	const sameDaemon = facts !== undefined && facts.flavor === flavor && facts.version === version;
	const capabilities = sameDaemon && report.capabilities.length === 0 ? facts.capabilities : report.capabilities;
	if (sameDaemon && facts.boot === boot && facts.capabilities.join() === capabilities.join()) return facts;
	return { flavor, version, boot, capabilities, reportedAt: now.toISOString() };
};
