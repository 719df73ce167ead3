import type { NotifiedHealth } from '../model/vpn-connection.ts';

export type CheckedHealth = {
	health: 'up' | 'degraded' | 'down';
	/** Degraded for a whole interval by now. */
	lasting: boolean;
	/** Down for as many checks as it takes. */
	confirmed: boolean;
	/** Nobody is notified now; whatever is still so when the mute ends is notified then. */
	muted: boolean;
};

/** What the account has been notified of once it knows the health that a check found, and whether that takes an alert. */
export const nextNotification = (
	notified: NotifiedHealth,
	{ health, lasting, confirmed, muted }: CheckedHealth,
): { notified: NotifiedHealth; alert: boolean } => {
	const stays = { notified, alert: false };
	if (health === 'down')
		return !muted && confirmed && (notified === 'up' || notified === 'degraded') ? { notified: 'down', alert: true } : stays;
	if (notified === 'none') return { notified: 'up', alert: false };
	if (muted) return stays;
	if (health === 'up') return { notified: 'up', alert: notified !== 'up' };
	return lasting && notified !== 'degraded' ? { notified: 'degraded', alert: true } : stays;
};
