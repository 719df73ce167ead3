import type { NotifiedHealth } from '../model/vpn-connection.ts';

export type CheckedHealth = {
	health: 'up' | 'degraded' | 'down';
	/** It has been degraded for at least a whole interval. */
	lasting: boolean;
	/** It has been down for as many checks as the deployment asks for. */
	confirmed: boolean;
	/** No alert is sent now; whatever is still so when the mute ends is reported then. */
	muted: boolean;
};

type Rule = { notified: NotifiedHealth; alert: boolean; once?: 'lasting' | 'confirmed' };

const silently = (notified: NotifiedHealth): Rule => ({ notified, alert: false });
const alert = (notified: NotifiedHealth, once?: Rule['once']): Rule => ({ notified, alert: true, once });

/** By what the account has been notified of and what a check found: what it is to be notified of, and whether that takes an alert. */
export const notifications: Record<NotifiedHealth, Partial<Record<CheckedHealth['health'], Rule>>> = {
	// A first Connected is no alert, and what never was up is never reported down.
	none: { up: silently('up'), degraded: silently('up') },
	up: { degraded: alert('degraded', 'lasting'), down: alert('down', 'confirmed') },
	degraded: { up: alert('up'), down: alert('down', 'confirmed') },
	down: { up: alert('up'), degraded: alert('degraded', 'lasting') },
};

/** What the account has been notified of after a check, and whether the check owes it an alert. */
export const nextNotification = (
	notified: NotifiedHealth,
	found: CheckedHealth,
): { notified: NotifiedHealth; alert: boolean } => {
	const rule = notifications[notified][found.health];
	const holds = rule !== undefined && !(rule.alert && found.muted) && (rule.once === undefined || found[rule.once]);
	return holds ? { notified: rule.notified, alert: rule.alert } : { notified, alert: false };
};
