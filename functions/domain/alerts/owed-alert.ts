import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { EventDraft } from '../model/decision.ts';
import { isMuted } from '../model/is-muted.ts';
import { keyTrialOf } from '../model/key-trial.ts';
import type { ReasonCode } from '../model/reasons.ts';
import { shownReason } from '../model/state-reason.ts';
import type { Vpc } from '../model/vpc.ts';
import type { NotifiedHealth, VpnConnection } from '../model/vpn-connection.ts';
import { type AlertState, type AlertText, alertText } from './alert-text.ts';
import type { FlapChange } from './flapping.ts';

type Owed = NonNullable<EventDraft['alert']>;

/** The id is made from what it says and when, so that a repeat of the same decision owes the same alert. */
export const owedAlert = (subjectId: string, to: string, { text, now }: { text: AlertText; now: Date }): Owed => ({
	alertId: `${subjectId}-${to}-${now.getTime()}`,
	...text,
	owedAt: now.toISOString(),
});

type Change = {
	current: VpnConnection;
	next: VpnConnection;
	vpc: Vpc;
	customerGateway?: CustomerGateway;
	now: Date;
	docsBaseUrl?: string;
	/** Set if the alert is about its flapping. */
	flap?: FlapChange;
};

/** The alert about a connection whose `notified` has changed; none while it is muted. */
export const connectionAlert = ({
	current,
	next,
	vpc,
	customerGateway,
	now,
	docsBaseUrl,
	flap = 'none',
}: Change): Owed | undefined => {
	if (isMuted(next, now)) return undefined;
	const to = next.state === 'Error' ? 'error' : stateOfFlap(flap, next);
	const shown = shownReason(next);
	const reason: ReasonCode | undefined = shown?.code;
	const text = alertText({
		connection: next,
		customerGateway,
		vpc,
		...previous(current, { next, to, flap }),
		to,
		began: presentSince(next, to),
		outage: isOfOutage(current, to) ? next.outage : undefined,
		now,
		reason,
		candidates: next.observed?.candidates,
		detail: shown?.detail,
		keyTrial: customerGateway && keyTrialOf(customerGateway, next),
		docsBaseUrl,
	});
	return owedAlert(next.id, to, { text, now });
};

type Told = { next: VpnConnection; to: AlertState; flap: FlapChange };

/** What the account was told before, since when that was so and until when. Unknown where it has changed since, unconfirmed or muted. */
const previous = (
	{ notified, state, degradedSince, lastUp, flappingSince, stateChangedAt }: VpnConnection,
	{ next, to, flap }: Told,
): { from: string; since?: string; until?: string } => {
	const until = presentSince(next, to);
	if (flap === 'settles') return { from: 'flapping', since: flappingSince };
	if (notified === 'none') return { from: state, since: stateChangedAt, until };
	if (notified === 'down') return { from: 'down', since: next.outage?.from ?? stateChangedAt };
	const sinceMove = state === 'Connected' ? stateChangedAt : undefined;
	if (notified === 'up') return { from: 'up', since: lastUp?.from ?? sinceMove, until: lastUp?.to ?? until };
	return { from: 'degraded', since: sinceMove && (degradedSince ?? sinceMove), until };
};

const presentSince = ({ degradedSince, lastUp, outage, stateChangedAt }: VpnConnection, to: AlertState): string | undefined => {
	if (to === 'down' || to === 'settled-down') return outage?.from ?? stateChangedAt;
	if (to === 'degraded' || to === 'settled-degraded') return degradedSince;
	if (to === 'up' || to === 'settled-up') return lastUp?.from;
	return to === 'error' ? stateChangedAt : undefined;
};

/** It lasts, or its end is told. */
const isOfOutage = ({ notified }: VpnConnection, to: AlertState): boolean =>
	to === 'down' || to === 'settled-down' || to === 'error' || (notified === 'down' && (to === 'up' || to === 'degraded'));

const stateOfFlap = (flap: FlapChange, { notified }: VpnConnection): AlertState => {
	if (flap === 'begins') return 'flapping';
	return flap === 'settles' ? `settled-${stateOfNotified[notified]}` : stateOfNotified[notified];
};

const stateOfNotified: Record<NotifiedHealth, 'up' | 'degraded' | 'down'> = {
	none: 'up',
	up: 'up',
	degraded: 'degraded',
	down: 'down',
};
