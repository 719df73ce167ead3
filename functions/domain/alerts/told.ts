import type { Told } from '../model/vpn-connection.ts';

export type Found = {
	health: 'up' | 'degraded' | 'down';
	/** Degraded for a whole interval by now. */
	lasting: boolean;
	/** Down for as many checks as it takes. */
	confirmed: boolean;
	/** Nothing is told now; what still holds when it ends is told then. */
	muted: boolean;
};

/** What the account has heard once it is told what was found, and whether telling it takes an alert. */
export const nextTold = (told: Told, { health, lasting, confirmed, muted }: Found): { told: Told; alert: boolean } => {
	const stays = { told, alert: false };
	if (health === 'down')
		return !muted && confirmed && (told === 'up' || told === 'degraded') ? { told: 'down', alert: true } : stays;
	if (told === 'none') return { told: 'up', alert: false };
	if (muted) return stays;
	if (health === 'up') return { told: 'up', alert: told !== 'up' };
	return lasting && told !== 'degraded' ? { told: 'degraded', alert: true } : stays;
};
