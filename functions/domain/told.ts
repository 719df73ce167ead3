import type { Told } from './vpn-connection.ts';

type Found = { health: 'up' | 'degraded' | 'down' /** Degraded for a whole interval by now. */; lasting: boolean };

/** What the account has heard once it is told what was found, and whether telling it takes an alert. */
export const nextTold = (told: Told, { health, lasting }: Found): { told: Told; alert: boolean } => {
	if (health === 'down') return told === 'up' || told === 'degraded' ? { told: 'down', alert: true } : { told, alert: false };
	if (told === 'none') return { told: 'up', alert: false };
	if (health === 'up') return { told: 'up', alert: told !== 'up' };
	return lasting && told !== 'degraded' ? { told: 'degraded', alert: true } : { told, alert: false };
};
