import { connectionAlert } from '../alerts/owed-alert.ts';
import type { EventDraft } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import type { RouterReport } from '../model/report.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { outageOfEvent } from './outages.ts';
import type { Outcome, Settlement } from './settlement.ts';

/** A DynamoDB item holds 400 kB, and forty of them go into one transaction of 4 MB. */
const mostSteps = 60;

const stepsOf = (report: RouterReport | undefined, connectionId: string): string[] | undefined => {
	const own = (report?.steps ?? []).filter((step) => step.startsWith(`${connectionId} `) || step.startsWith('- '));
	return own.length === 0 ? undefined : own.slice(-mostSteps).map((step) => step.slice(step.indexOf(' ') + 1, 500));
};

/** The outcome with the steps that led to it; for a connection that stays as it is, what was tried (F-22). */
export const eventOfApply = (
	{ current, next }: Outcome,
	settlement: Settlement,
	report: RouterReport | undefined,
): EventDraft | undefined => {
	const { desired, now, docsBaseUrl } = settlement;
	const why = {
		why: next?.stateReason?.code,
		detail: [next?.stateReason?.detail, cutOf(current, next)].filter(Boolean).join('; ') || undefined,
	};
	const steps = stepsOf(report, current.id);
	if (next?.state === current.state) {
		const tried = report?.steps.some((step) => step.startsWith(`${current.id} `)) && !isSteady(current);
		return tried ? connectionEvent(current, { who: 'reconcile', kind: 'apply', ...why, steps, now }) : undefined;
	}
	const customerGateway = desired.connections.find(({ connection }) => connection.id === current.id)?.customerGateway;
	const alerts = next?.state === 'Error' && current.notified !== 'down';
	const alert = alerts ? connectionAlert({ current, next, vpc: desired.vpc, customerGateway, now, docsBaseUrl }) : undefined;
	const to = next?.state ?? 'gone';
	return connectionEvent(current, {
		who: 'reconcile',
		kind: 'state',
		from: current.state,
		to,
		...why,
		outage: next && outageOfEvent(current, next),
		steps,
		alert,
		now,
	});
};

/** IKEv1 main mode selects the key by the peer's address, so old and new cannot be used side by side. */
const cutOf = ({ pskInUse: before }: VpnConnection, next: VpnConnection | undefined): string | undefined =>
	before === undefined || next?.pskInUse === undefined || next.pskInUse.version === before.version
		? undefined
		: `version ${next.pskInUse.version} of the pre-shared key is in use from now on`;

const isSteady = ({ state }: VpnConnection): boolean => state === 'Connected' || state === 'Disconnected';
