import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { EventDraft } from '../model/decision.ts';
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

export const isMuted = (connection: VpnConnection, now: Date): boolean =>
	connection.mutedUntil !== undefined && Date.parse(connection.mutedUntil) > now.getTime();

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
		from: current.notified === 'none' ? current.state : current.notified,
		to,
		since: previousSince(current),
		began: presentSince(next, to),
		now,
		reason,
		candidates: next.observed?.candidates,
		detail: shown?.detail,
		docsBaseUrl,
	});
	return owedAlert(next.id, to, { text, now });
};

/** Since when it was what the account was last notified of. Unknown where its state has changed since, unconfirmed or muted. */
const previousSince = ({ notified, state, degradedSince, downSince, stateChangedAt }: VpnConnection): string | undefined => {
	if (notified === 'down') return downSince ?? stateChangedAt;
	if (notified === 'none') return stateChangedAt;
	if (state !== 'Connected') return undefined;
	return (notified === 'degraded' ? degradedSince : undefined) ?? stateChangedAt;
};

const presentSince = ({ degradedSince, downSince, stateChangedAt }: VpnConnection, to: AlertState): string | undefined => {
	if (to === 'down' || to === 'settled-down') return downSince ?? stateChangedAt;
	if (to === 'degraded') return degradedSince;
	return to === 'error' ? stateChangedAt : undefined;
};

const stateOfFlap = (flap: FlapChange, { state, notified }: VpnConnection): AlertState => {
	if (flap === 'begins') return 'flapping';
	if (flap === 'settles') return state === 'Connected' ? 'settled-up' : 'settled-down';
	return stateOfNotified[notified];
};

const stateOfNotified: Record<NotifiedHealth, 'up' | 'degraded' | 'down'> = {
	none: 'up',
	up: 'up',
	degraded: 'degraded',
	down: 'down',
};
