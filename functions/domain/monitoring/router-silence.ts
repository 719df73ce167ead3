import { routerAlertText } from '../alerts/alert-text.ts';
import { owedAlert } from '../alerts/owed-alert.ts';
import { type Decision, nothing } from '../model/decision.ts';
import { routerEvent } from '../model/event-of.ts';
import type { Silence } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';
import { intervalsSince } from './intervals-since.ts';

type Watch = { vpc: Vpc; now: Date; intervalSeconds: number; docsBaseUrl?: string };

/** The account is alerted about a router this many intervals after its first miss. */
const intervalsUntilNotified = 3;

/** No answer changes no connection's state. The first miss is noted, and the router's alert is owed after three intervals. */
export const routerSilent = ({ vpc, now, intervalSeconds, silence, docsBaseUrl }: Watch & { silence: Silence }): Decision => {
	const at = now.toISOString();
	const noted: Vpc = { ...vpc, silence, updatedAt: at };
	if (vpc.silentSince === undefined) return { ...nothing, vpc: { ...noted, silentSince: at } };
	const silentFor = intervalsSince(vpc.silentSince, { now, intervalSeconds });
	if (vpc.silenceNotified === true || silentFor < intervalsUntilNotified)
		return vpc.silence?.code === silence.code ? nothing : { ...nothing, vpc: noted };
	const text = routerAlertText({ vpc, to: 'silent', since: vpc.silentSince, now, silence, docsBaseUrl });
	const event = routerEvent(vpc, {
		who: 'check',
		from: 'answering',
		to: 'silent',
		detail: `${silence.code}: ${silence.detail}`,
		now,
	});
	return {
		...nothing,
		vpc: { ...noted, silenceNotified: true },
		events: [{ ...event, alert: owedAlert(vpc.id, 'silent', { text, now }) }],
		alerts: true,
	};
};

/** An answer ends the silence, and an account that was alerted to it is told. What had to wait for the router is tried at once. */
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
	const event = routerEvent(vpc, { who: 'check', from: 'silent', to: 'answering', now });
	return { ...answering, events: [{ ...event, alert: owedAlert(vpc.id, 'answering', { text, now }) }], alerts: true };
};
